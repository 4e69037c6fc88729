package import Foundation

/// A mail that ``MailFolder`` wrote, read back. Other programs' mails may have what it does not know of.
package struct StoredMail: Sendable, Equatable {
    /// The name of its file, without the ending.
    package let id: String
    package let to: String
    package let subject: String
    package let text: String
    /// The other part; empty where there is none.
    package let html: String
    /// When it was written to the folder.
    package let date: Date

    init?(_ document: String, id: String, date: Date) {
        guard let end = document.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = document[..<end.lowerBound].replacing("\r\n ", with: " ").split(separator: "\r\n")
        func header(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name + ": ") }.map { MailEncoding.read(String($0.dropFirst(name.count + 2))) }
        }
        guard let to = header("To"), let subject = header("Subject"),
            let boundary = lines.lazy.compactMap({ $0.firstMatch(of: /boundary="([^"]+)"/)?.1 }).first
        else { return nil }
        let parts = document[end.upperBound...].components(separatedBy: "--\(boundary)").compactMap { part in
            part.firstRange(of: "\r\n\r\n").map { head in
                (
                    isHTML: part[..<head.lowerBound].contains("text/html"),
                    content: MailEncoding.unquoted(part[head.upperBound...]).trimmingCharacters(in: .newlines)
                )
            }
        }
        guard let text = parts.first(where: { !$0.isHTML }) else { return nil }
        self.id = id
        self.to = to
        self.subject = subject
        self.text = text.content
        html = parts.first { $0.isHTML }?.content ?? ""
        self.date = date
    }
}

extension MailFolder {
    /// The newest first.
    package static func mails(in folder: URL, limit: Int) -> [StoredMail] {
        let files =
            (try? FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: [.contentModificationDateKey])) ?? []
        let dated = files.filter { $0.pathExtension == "eml" }.compactMap { file in
            (try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate).map {
                (file, $0)
            }
        }
        let newest = dated.sorted { ($0.1, $0.0.lastPathComponent) > ($1.1, $1.0.lastPathComponent) }.prefix(limit)
        return newest.compactMap { file, date in
            (try? String(contentsOf: file, encoding: .utf8)).flatMap {
                StoredMail($0, id: file.deletingPathExtension().lastPathComponent, date: date)
            }
        }
    }
}

extension MailEncoding {
    /// A header that ``unstructured(_:)`` or ``phrase(_:)`` wrote.
    fileprivate static func read(_ header: String) -> String {
        header.replacing(/(?:=\?UTF-8\?B\?[A-Za-z0-9+\/=]*\?= ?)+/) { words in
            let bytes = words.output.matches(of: /\?B\?([^?]*)\?=/).compactMap { Data(base64Encoded: String($0.1)) }
            return String(decoding: bytes.joined(), as: UTF8.self) + (words.output.hasSuffix(" ") ? " " : "")
        }
    }

    /// What ``quotedPrintable(_:)`` wrote.
    fileprivate static func unquoted(_ text: Substring) -> String {
        let lines = text.replacing("=\r\n", with: "").replacing("\r\n", with: "\n")
        var bytes: [UInt8] = []
        var rest = Array(lines.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
