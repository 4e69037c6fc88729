import Foundation

/// An address with or without the name that people put before it: `"Roe, Bob" <bob@example.org>`.
package struct Mailbox: Sendable {
    /// As it was typed, without quotes; `nil` where there is none.
    package let name: String?
    /// What stands in its place; perhaps no address at all.
    let address: Substring

    package init(_ typed: String) {
        let text = Self.tidied(typed)
        guard text.last == ">", let open = text.lastIndex(of: "<") else {
            name = nil
            address = Self.bare(text)
            return
        }
        let before = Self.strip(text[..<open])
        let isQuoted = before.count > 1 && before.first == "\"" && before.last == "\""
        let shown = isQuoted ? String(before.dropFirst().dropLast()).replacing("\\\"", with: "\"") : String(before)
        name = shown.isEmpty ? nil : shown
        address = Self.bare(text[text.index(after: open)...].dropLast())
    }

    /// - Throws: ``EmailAddress/Flaw``
    package func emailAddress() throws(EmailAddress.Flaw) -> EmailAddress { try EmailAddress(bare: address) }

    /// Without what cannot be seen, and with the wide forms of ASCII (U+FF01 to U+FF5E) as ASCII.
    private static func tidied(_ typed: String) -> Substring {
        var text = String.UnicodeScalarView()
        for scalar in typed.unicodeScalars.prefix(2000) {
            switch scalar.value {
            case 0xFF01...0xFF5E: text.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            // Joiners may be part of a domain; whether they are is for IDNA to say.
            case 0x200C, 0x200D: text.append(scalar)
            case _ where scalar.properties.isDefaultIgnorableCodePoint: break
            default: text.append(scalar)
            }
        }
        var rest = strip(Substring(String(text)))
        while let last = rest.last, last == "," || last == ";" { rest = strip(rest.dropLast()) }
        return rest
    }

    private static func strip(_ text: Substring) -> Substring {
        let scalars = text.unicodeScalars
        func isAround(_ scalar: Unicode.Scalar) -> Bool {
            PlainText.isBlank(scalar) || scalar == "\u{200C}" || scalar == "\u{200D}"
        }
        guard let first = scalars.firstIndex(where: { !isAround($0) }),
            let last = scalars.lastIndex(where: { !isAround($0) })
        else { return "" }
        return Substring(scalars[first...last])
    }

    private static func bare(_ text: Substring) -> Substring {
        let text = strip(text)
        guard text.prefix(7).lowercased() == "mailto:" else { return text }
        // RFC 6068: a subject and the like may follow, and signs may be escaped.
        let address = text.dropFirst(7).prefix { $0 != "?" }
        return address.removingPercentEncoding.map { Substring($0) } ?? address
    }
}
