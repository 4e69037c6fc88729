import Synchronization

/// How many more may be at work.
package final class Permits: Sendable {
    private let free: Mutex<Int>

    package init(_ count: Int) {
        free = Mutex(count)
    }

    package var available: Int { free.withLock { $0 } }

    package func take() {
        free.withLock { $0 -= 1 }
    }

    /// - Returns: whether there was none before.
    package func giveBack() -> Bool {
        free.withLock { free in
            free += 1
            return free == 1
        }
    }
}
