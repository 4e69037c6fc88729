package import Durable
import Foundation
package import Outgoing
package import Secrets
package import Values

/// Sends what was posted into a ``Postbox``.
///
/// A mail is sent again when the server asked for that or could not be reached, or when it is not known whether it was
/// taken; each time with the same Message-ID, by which the reader's server may know it. What the server refuses for
/// good, and a link that has run out before it could be sent, end as dead jobs with the reason.
package struct MailJobs: Sendable {
    package static let jobKind = "mail"

    private let carrier: (any MailCarrier)?
    private let secrets: SecretBox
    private let templates: LetterTemplates
    private let details: LetterDetails
    private let clock: any WallClock

    /// - Parameter carrier: `nil` when no mail server is set: then what was posted is given up at once.
    package init(
        carrier: (any MailCarrier)?, secrets: SecretBox, templates: LetterTemplates, details: LetterDetails,
        clock: any WallClock
    ) {
        self.carrier = carrier
        self.secrets = secrets
        self.templates = templates
        self.details = details
        self.clock = clock
    }

    package var handler: Worker.Handler {
        { job in
            try await send(job)
            return []
        }
    }

    private func send(_ job: ClaimedJob) async throws {
        guard let carrier else { throw Worker.Hopeless("CONVENE_MAIL_URL is not set") }
        let message = try await message(of: job)
        do {
            try await carrier.send(message)
        } catch {
            if case .refused = error { throw Worker.Hopeless(error.description) }
            throw error
        }
    }

    private func message(of job: ClaimedJob) async throws -> MailMessage {
        let mail: Mail
        do {
            let sealed = try job.decodePayload(as: SealedMail.self).sealed
            mail = try JSONDecoder().decode(Mail.self, from: try secrets.open(sealed, for: .mail(job.id)))
        } catch SecretError.unknownKey {
            throw Worker.Hopeless("it was sealed with a key that this server does not have any more")
        } catch {
            // The error might quote what it could not read, and so it does not get into the reason.
            throw Worker.Hopeless("the mail cannot be unsealed")
        }
        if let expiry = mail.letter.matter.expiry, expiry <= clock.now {
            throw Worker.Hopeless("its link ran out before it could be sent")
        }
        let letter = try await details.filled(mail.letter, to: mail.address, of: mail.organization)
        do {
            let recipient = try MailAddress(mail.address, name: mail.name ?? letter.name)
            let written = templates.written(letter, to: recipient)
            return try MailMessage(
                id: "\(job.id)", to: recipient, subject: written.subject, text: written.text, html: written.html,
                fromName: letter.letterhead.organization, date: clock.now)
        } catch {
            throw Worker.Hopeless(error.description)
        }
    }
}
