package import Foundation
import Values

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

    /// - Parameters:
    ///   - id: Letters, digits and hyphens.
    ///   - subject: what could begin another header is taken out of it, as out of `fromName`.
    /// - Throws: ``MailMessageError/identifier``
    package init(
        id: String, to: MailAddress, subject: String, text: String, html: String, fromName: String? = nil,
        replyTo: MailAddress? = nil, date: Date
    ) throws(MailMessageError) {
        guard id.wholeMatch(of: /[A-Za-z0-9-]{1,64}/) != nil else { throw .identifier }
        self.id = id
        self.to = to
        self.subject = PlainText.cleanedSentence(subject)
        self.text = text
        self.html = html
        self.fromName = fromName.map(PlainText.cleanedLine).flatMap { $0.isEmpty ? nil : $0 }
        self.replyTo = replyTo
        self.date = date
    }
}

/// Why something is no mail.
package enum MailMessageError: Error, Equatable, CustomStringConvertible {
    /// An id that cannot be part of a header.
    case identifier
    case address

    package var description: String {
        switch self {
        case .identifier: "the mail's id is none"
        case .address: "the mail's address is none"
        }
    }
}
