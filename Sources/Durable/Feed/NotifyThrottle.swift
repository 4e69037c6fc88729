import Foundation
import Synchronization
import Values

/// When other processes were last told, and whether something has happened since.
final class NotifyThrottle: Sendable {
    private struct State {
        var last = Date.distantPast
        var areOwed = false
    }

    private let apart: Duration
    private let state = Mutex(State())

    /// - Parameter apart: the shortest time between two notices.
    init(apart: Duration) {
        self.apart = apart
    }

    func owe() {
        state.withLock { $0.areOwed = true }
    }

    /// Whether one is to be given now; it then counts as given.
    func areDue(at now: Date) -> Bool {
        state.withLock { state in
            // A clock that was set back gives one notice early rather than none for long.
            guard state.areOwed, now.timeIntervalSince(state.last).magnitude >= apart / .seconds(1) else {
                return false
            }
            state = State(last: now, areOwed: false)
            return true
        }
    }
}
