import Durable
import Foundation
package import Outgoing
package import Postgres
package import Values

/// Where a transaction puts the letters that it wants sent: they are sent if, and only if, it commits.
package struct Postbox: Sendable {
    private let sealing: any MailSealing
    private let clock: any WallClock

    package init(sealing: any MailSealing, clock: any WallClock) {
        self.sealing = sealing
        self.clock = clock
    }

    /// The statement that posts `letter`, for `convene_app` or `convene_worker`.
    /// - Parameter organization: One that the transaction has entered, or `nil` for a letter of the platform's to a
    ///   person, such as a link to sign in with.
    /// - Throws: what sealing throws.
    package func post(
        _ letter: Letter, to recipient: MailAddress, of organization: OrganizationID? = nil
    ) throws -> SQL {
        let now = clock.now
        let id = JobID(at: now)
        let mail = Mail(address: recipient.address, name: recipient.name, letter: letter)
        let payload = SealedMail(sealed: try sealing.seal(try JSONEncoder().encode(mail), of: id))
        return Queue.add(
            Job(
                id: id, organization: organization, kind: MailJobs.jobKind, key: "\(id)", payload: payload, runAt: now))
    }
}

/// A letter in its envelope.
struct Mail: Codable, Sendable {
    let address: String
    let name: String?
    let letter: Letter
}

/// A job's payload. Its one key is ``Queue/sealed``, so that the queue empties it when the mail is sent or given up.
struct SealedMail: Codable, Sendable {
    let sealed: Data
}
