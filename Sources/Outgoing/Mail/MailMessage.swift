package import Foundation

/// One mail to one person, in plain text and in HTML.
package struct MailMessage: Sendable {
    /// Tells it from all others: sent twice with the same one, a reader's server can see that it is the same mail.
    package let id: String
    package let to: MailAddress
    /// Shown in place of the sender's own name.
    package let fromName: String?
    package let replyTo: MailAddress?
    package let subject: String
    package let text: String
    package let html: String
    package let date: Date

    /// - Parameter id: Letters, digits and hyphens.
    /// - Throws: ``MailMessageError`` for what would be another header or no mail at all.
    package init(
        id: String, to: MailAddress, subject: String, text: String, html: String, fromName: String? = nil,
        replyTo: MailAddress? = nil, date: Date
    ) throws(MailMessageError) {
        guard id.wholeMatch(of: /[A-Za-z0-9-]{1,64}/) != nil else { throw .controlCharacter(in: "id") }
        try Self.refuseControls(in: subject, of: "subject")
        try Self.refuseControls(in: fromName ?? "", of: "name")
        self.id = id
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.fromName = fromName
        self.replyTo = replyTo
        self.date = date
    }

    static func refuseControls(in field: String, of name: String) throws(MailMessageError) {
        let isClean = field.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control && $0 != "\u{2028}" && $0 != "\u{2029}"
        }
        guard isClean else { throw .controlCharacter(in: name) }
    }
}

/// Why something is no mail.
package enum MailMessageError: Error, Equatable, CustomStringConvertible {
    /// A line break above all, which would begin another header.
    case controlCharacter(in: String)
    case address

    package var description: String {
        switch self {
        case .controlCharacter(let field): "the mail's \(field) holds a line break or another control character"
        case .address: "the mail's address is none"
        }
    }
}
