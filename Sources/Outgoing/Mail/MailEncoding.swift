import Foundation
import Values

/// How text of any language travels in lines of at most 76 ASCII characters.
enum MailEncoding {
    /// RFC 2045, section 6.7. Line breaks of any kind become CRLF, and the last line ends with one.
    static func quotedPrintable(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(quotedLine)
            .joined(separator: "\r\n") + "\r\n"
    }

    private static func quotedLine(_ line: Substring) -> String {
        var lines = ""
        var length = 0
        let bytes = Array(line.utf8)
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let isBlank = byte == 0x20 || byte == 0x09
            let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") || isBlank && !isLast
            let piece = isPlain ? String(UnicodeScalar(byte)) : "=" + hex(byte)
            // One place is kept for the sign that the line goes on.
            if length + piece.utf8.count > 75 {
                lines += "=\r\n"
                length = 0
            }
            lines += piece
            length += piece.utf8.count
        }
        return lines
    }

    /// As it stands in a header after `Name: `: as it is when it is short ASCII, otherwise as encoded words (RFC 2047)
    /// on as many lines as it takes.
    static func unstructured(_ text: String) -> String {
        let isPlain =
            text.utf8.count <= 60 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            && !text.contains("=?") && text.first != " " && text.last != " "
        return isPlain ? text : encodedWords(text)
    }

    /// A name before an address: quoted ASCII, otherwise encoded words.
    static func phrase(_ name: String) -> String {
        let encoded = unstructured(name)
        guard encoded == name else { return encoded }
        return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// At most 64 characters each, so that the name of the header has room before the first.
    private static func encodedWords(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            // A word must not end within a character.
            if words[words.count - 1].count + bytes.count > 39 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func hex(_ byte: UInt8) -> String {
        [byte].hex.uppercased()
    }
}
