import Foundation
import Synchronization
import Values

/// A clock that stands where it was set: a demo's sessions were booked on other days than today.
final class DemoClock: WallClock {
    private let moment: Mutex<Date>

    init(_ now: Date) { moment = Mutex(now) }

    var now: Date { moment.withLock(\.self) }

    func set(to now: Date) { moment.withLock { $0 = now } }

    /// Waiting takes its real time.
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
