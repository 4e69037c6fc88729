package import Values

/// Where a mail goes to or comes from: `local@domain`, with or without the name that a reader shows.
///
/// The address can stand in a header or an SMTP command as it is (``EmailAddress``), and the name is one line.
package struct MailAddress: Sendable, Hashable {
    package let address: String
    package let name: String?

    /// - Parameter name: what could not stand in a header is taken out of it: who is called so has no part in that.
    /// - Throws: ``MailMessageError/address``
    package init(_ address: String, name: String? = nil) throws(MailMessageError) {
        do throws(EmailAddress.Flaw) {
            self.init(try EmailAddress(address), name: name)
        } catch {
            throw .address
        }
    }

    package init(_ address: EmailAddress, name: String? = nil) {
        self.address = address.text
        self.name = name.map(PlainText.cleanedLine).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `Convene <convene@example.org>`, or the address alone.
    /// - Returns: `nil` for anything else.
    package init?(parsing text: String) {
        let mailbox = Mailbox(text)
        guard let address = try? mailbox.emailAddress() else { return nil }
        self.init(address, name: mailbox.name)
    }

    var domain: Substring { address[address.index(after: address.lastIndex(of: "@") ?? address.startIndex)...] }
}
