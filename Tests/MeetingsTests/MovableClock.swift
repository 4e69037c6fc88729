import Foundation
import Synchronization
import Values

/// Stands still unless it is moved. Nobody who sleeps by it wakes before being cancelled.
final class MovableClock: WallClock {
    private let time: Mutex<Date>

    init(_ start: Date = Date(timeIntervalSince1970: 1_770_000_000)) { time = Mutex(start) }

    var now: Date { time.withLock { $0 } }

    func move(by duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }

    func sleep(for duration: Duration) async throws {
        let (never, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in never {}
        withExtendedLifetime(continuation) {}
        throw CancellationError()
    }
}
