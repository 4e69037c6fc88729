import Foundation
import Notifications
import Outgoing
import Synchronization
import Values

/// Fails as it is told to, and takes every mail after that.
final class ScriptedCarrier: MailCarrier {
    private let state: Mutex<(failures: [MailFailure], mails: [MailMessage])>

    init(failing failures: [MailFailure] = []) { state = Mutex((failures, [])) }

    /// Those that were tried, whatever came of it.
    var mails: [MailMessage] { state.withLock(\.mails) }

    func send(_ message: MailMessage) async throws(MailFailure) {
        let failure = state.withLock { state in
            state.mails.append(message)
            return state.failures.isEmpty ? nil : state.failures.removeFirst()
        }
        if let failure { throw failure }
    }
}

/// Hides bytes from a reader of the database and binds them to their job. It keeps nobody out.
struct ToySealing: MailSealing {
    struct Broken: Error {}

    func seal(_ bytes: Data, of job: JobID) throws -> Data { Data(job.description.utf8) + bytes.map { ~$0 } }

    func open(_ bytes: Data, of job: JobID) throws -> Data {
        let prefix = Data(job.description.utf8)
        guard bytes.starts(with: prefix) else { throw Broken() }
        return Data(bytes.dropFirst(prefix.count).map { ~$0 })
    }
}
