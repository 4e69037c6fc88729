package import Durable
import Foundation
package import Outgoing
package import Secrets
package import Values

/// Sends what was posted into a ``MailOutbox``.
///
/// A mail is sent again when the server asked for that or could not be reached, or when it is not known whether it was
/// taken; each time with the same Message-ID, by which the reader's server may know it. What the server refuses for
/// good, and a link that has run out before it could be sent, end as dead jobs with the reason.
package struct MailJobs: Sendable {
    package static let jobKind = "mail"

    private let transport: (any MailTransport)?
    private let secrets: SecretBox
    private let templates: MailTemplates
    private let details: MailDetails
    private let clock: any WallClock

    /// - Parameter transport: `nil` when no mail server is set: then what was posted is given up at once.
    package init(
        transport: (any MailTransport)?, secrets: SecretBox, templates: MailTemplates, details: MailDetails,
        clock: any WallClock
    ) {
        self.transport = transport
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
        guard let transport else { throw Worker.Hopeless(Explanation(MailReason.noServer)) }
        let message = try await message(of: job)
        do {
            try await transport.send(message)
        } catch {
            if case .refused = error { throw Worker.Hopeless(error.explanation) }
            throw error
        }
    }

    private func message(of job: ClaimedJob) async throws -> MailMessage {
        let envelope: MailEnvelope
        do {
            let sealed = try job.decodePayload(as: SealedMail.self).sealed
            envelope = try JSONDecoder().decode(
                MailEnvelope.self, from: try secrets.open(sealed, for: .mail(job.id)))
        } catch SecretError.unknownKey {
            throw Worker.Hopeless(Explanation(MailReason.keyLost))
        } catch {
            // The error might quote what it could not read, and so it does not get into the reason.
            throw Worker.Hopeless(Explanation(MailReason.unreadable))
        }
        if let expiry = envelope.mail.kind.expiry, expiry <= clock.now {
            throw Worker.Hopeless(Explanation(MailReason.expired))
        }
        let mail = try await details.filled(
            envelope.mail, to: envelope.address, of: envelope.organization)
        do {
            let recipient = try MailAddress(envelope.address, name: envelope.name ?? mail.name)
            let written = templates.written(mail, to: recipient)
            return try MailMessage(
                id: "\(job.id)", to: recipient, subject: written.subject, text: written.text, html: written.html,
                fromName: mail.branding.organization, date: clock.now)
        } catch {
            throw Worker.Hopeless(Explanation(MailReason.unwritable))
        }
    }
}

/// Why a mail was given up before a server could refuse it.
package enum MailReason: String, ExplanationCode {
    case noServer = "mail_no_server"
    /// It was sealed with a key that is not there any more.
    case keyLost = "mail_key_lost"
    case unreadable = "mail_unreadable"
    /// Its link ran out.
    case expired = "mail_expired"
    /// Its address cannot stand in a mail.
    case unwritable = "mail_unwritable"

    package var arguments: Set<String> { [] }
}
