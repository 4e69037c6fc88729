package import Foundation
package import Values

/// Seals what a mail holds while it waits to be sent: a one-time link is a secret, and must not lie in the database or
/// its dumps.
package protocol MailSealing: Sendable {
    /// - Parameter job: Authenticated with the bytes, so that they are of use in no other job.
    func seal(_ bytes: Data, of job: JobID) throws -> Data
    /// - Throws: when they were not sealed for `job`, or under a key that is gone.
    func open(_ bytes: Data, of job: JobID) throws -> Data
}
