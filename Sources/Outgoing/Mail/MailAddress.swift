/// Where a mail goes to or comes from: `local@domain`, with or without the name that a reader shows.
///
/// Only ASCII, and no quoted local part: what is left out (RFC 6531, RFC 5321 4.1.2) few servers take, and what is
/// allowed can stand in a header or an SMTP command as it is.
package struct MailAddress: Sendable, Hashable {
    package let address: String
    package let name: String?

    /// - Throws: ``MailMessageError/address``, and ``MailMessageError/controlCharacter(in:)`` for the name.
    package init(_ address: String, name: String? = nil) throws(MailMessageError) {
        // RFC 5322: a dot-atom, `@`, and labels of letters, digits and hyphens.
        let form =
            /([\w!#$%&'*+\/=?^`{|}~-]+(?:\.[\w!#$%&'*+\/=?^`{|}~-]+)*)@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*/
            .asciiOnlyWordCharacters()
        guard address.utf8.count <= 254, let match = address.wholeMatch(of: form), match.1.utf8.count <= 64 else {
            throw .address
        }
        try MailMessage.refuseControls(in: name ?? "", of: "name")
        self.address = address
        self.name = name.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `Convene <convene@example.org>`, or the address alone.
    /// - Returns: `nil` for anything else.
    package init?(parsing text: String) {
        let text = text.trimmingPrefix { $0.isWhitespace }
        if text.last == ">", let open = text.lastIndex(of: "<") {
            let quoted = text[..<open].split(separator: " ").joined(separator: " ")
            let name = quoted.hasPrefix("\"") && quoted.hasSuffix("\"") ? String(quoted.dropFirst().dropLast()) : quoted
            let address = text[text.index(after: open)...].dropLast()
            guard let parsed = try? MailAddress(String(address), name: name) else { return nil }
            self = parsed
        } else {
            guard let parsed = try? MailAddress(String(text)) else { return nil }
            self = parsed
        }
    }

    var domain: Substring { address[address.index(after: address.lastIndex(of: "@") ?? address.startIndex)...] }
}
