import Foundation
import Synchronization
import Values

/// Stands still unless it is moved.
final class MovableClock: WallClock {
    private let time = Mutex(Date(timeIntervalSince1970: 1_770_000_000))
    private let isImpatient: Bool

    /// - Parameter isImpatient: Whether a sleep takes no time at all. Otherwise it lasts until it is cancelled.
    init(isImpatient: Bool = false) { self.isImpatient = isImpatient }

    var now: Date { time.withLock { $0 } }

    func move(by duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }

    func sleep(for duration: Duration) async throws {
        if isImpatient { return }
        let (never, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in never {}
        withExtendedLifetime(continuation) {}
        throw CancellationError()
    }
}
