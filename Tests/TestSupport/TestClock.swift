package import Foundation
import Synchronization
import Values

/// A clock that stands still until the test moves it.
package final class TestClock: WallClock {
    fileprivate struct Sleeper {
        let until: Date
        let continuation: CheckedContinuation<Void, any Error>
    }

    fileprivate struct Contents {
        var now: Date
        var sleepers: [UUID: Sleeper] = [:]
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let contents: Mutex<Contents>

    /// - Parameter now: by default Monday, 7 September 2026, 9:00 UTC.
    package init(now: Date = Date(timeIntervalSince1970: 1_788_771_600)) {
        contents = Mutex(Contents(now: now))
    }

    package var now: Date { contents.withLock(\.now) }

    package func sleep(for duration: Duration) async throws {
        let id = UUID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (isOver, watchers) = contents.withLock { contents in
                    if duration <= .zero || Task.isCancelled { return (true, contents.takeWatchers()) }
                    contents.sleepers[id] = Sleeper(
                        until: contents.now.advanced(by: duration), continuation: continuation)
                    return (false, contents.takeWatchers())
                }
                if isOver { continuation.resume(with: Result { try Task.checkCancellation() }) }
                for watcher in watchers { watcher.resume() }
            }
        } onCancel: {
            let sleeper = contents.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the time and wakes anyone who has slept long enough, the earliest first.
    package func advance(by duration: Duration) {
        let woken = contents.withLock { contents in
            contents.now = contents.now.advanced(by: duration)
            let due = contents.sleepers.filter { $0.value.until <= contents.now }
            for id in due.keys { contents.sleepers[id] = nil }
            return due.values.sorted { $0.until < $1.until }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Returns once `count` tasks sleep on this clock: then what leads there has been done.
    package func sleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = contents.withLock { contents in
                if contents.sleepers.count >= count { return true }
                contents.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

extension TestClock.Contents {
    fileprivate mutating func takeWatchers() -> [CheckedContinuation<Void, Never>] {
        let count = sleepers.count
        let satisfied = watchers.filter { $0.count <= count }.map(\.continuation)
        watchers.removeAll { $0.count <= count }
        return satisfied
    }
}
