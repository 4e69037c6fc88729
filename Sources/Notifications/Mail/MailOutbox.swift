import Durable
import Foundation
package import Outgoing
package import Postgres
package import Secrets
package import Values

/// Where a transaction puts the mails that it wants sent: they are sent if, and only if, it commits.
///
/// A mail may hold a link that signs somebody in. So it lies in the queue sealed, for its job alone, and is taken out
/// when the job ends. A mail that waits is not sealed again by `convene rotate-keys`: a key that is retired within
/// the two hours that it may take to send a mail makes it unreadable, and it is given up at once.
package struct MailOutbox: Sendable {
    private let secrets: SecretBox
    private let clock: any WallClock

    package init(secrets: SecretBox, clock: any WallClock) {
        self.secrets = secrets
        self.clock = clock
    }

    /// The statement that posts `mail`, for `convene_app` or `convene_worker`. What the mail leaves open (the
    /// person's name and time zone, the organization's looks) is filled in when it is sent.
    /// - Parameter organization: Whose mail it is; `nil` for one of the platform's own. The transaction need not have
    ///   entered it.
    /// - Parameter invitation: Which is told of it when the mail is given up.
    /// - Throws: `SecretError`
    package func post(
        _ mail: Mail, to recipient: MailAddress, of organization: OrganizationID? = nil,
        inviting invitation: InvitationID? = nil
    ) throws -> SQL {
        let now = clock.now
        let id = JobID(at: now)
        let envelope = MailEnvelope(
            address: recipient.address, name: recipient.name, organization: organization, mail: mail)
        let sealed = try secrets.seal(try JSONEncoder().encode(envelope), for: .mail(id))
        return Queue.add(
            Job(
                id: id, organization: nil, kind: MailJobs.jobKind, key: "\(id)",
                payload: SealedMail(sealed: sealed, invitation: invitation)))
    }
}

/// A mail and who it goes to.
struct MailEnvelope: Codable, Sendable {
    let address: String
    let name: String?
    let organization: OrganizationID?
    let mail: Mail
}

/// A job's payload. What is secret stands under ``Queue/sealed``, which the queue takes out when the mail is sent or
/// given up.
struct SealedMail: Codable, Sendable {
    let sealed: Data
    /// Whose mail it is, by which a trigger tells the invitation that it was given up.
    let invitation: InvitationID?
}

extension SecretContext {
    static func mail(_ job: JobID) -> SecretContext { SecretContext("queue_jobs", "payload", owner: job.uuid) }
}
