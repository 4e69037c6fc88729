import Outgoing
import Synchronization

/// Fails as it is told to, and takes every mail after that.
final class ScriptedTransport: MailTransport {
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
