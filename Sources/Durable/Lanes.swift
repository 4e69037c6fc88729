import Foundation
import Synchronization
import Values

/// How much is at work in each lane of a process, and which of them are open for more.
final class Lanes: Sendable {
    private struct Lane {
        var busy = 0
        var breaker = Breaker()

        var isAsNew: Bool { busy == 0 && !breaker.isOpen }
    }

    private struct Contents {
        var lanes: [String: Lane] = [:]
        var busy = 0
    }

    /// What may be at work in one lane.
    let permits: Int
    /// What may be at work in all lanes together.
    private let total: Int
    private let contents = Mutex(Contents())

    init(permits: Int, total: Int) {
        self.permits = permits
        self.total = total
    }

    var room: Int { contents.withLock { max(0, total - $0.busy) } }

    /// Of the lanes in which something is at work or amiss; all others have ``permits``.
    func rooms(at now: Date) -> [Sagas.Room] {
        contents.withLock { contents in
            contents.lanes.map { name, lane in
                Sagas.Room(lane: name, count: lane.breaker.room(of: permits, busy: lane.busy, at: now))
            }
        }
    }

    func room(in lane: String, at now: Date) -> Int {
        contents.withLock { contents in
            let lane = contents.lanes[lane] ?? Lane()
            return lane.breaker.room(of: permits, busy: lane.busy, at: now)
        }
    }

    func take(in lane: String) {
        contents.withLock { contents in
            contents.lanes[lane, default: Lane()].busy += 1
            contents.busy += 1
        }
    }

    /// - Returns: whether there was no room before, so that somebody may be waiting for it.
    func giveBack(in lane: String) -> Bool {
        contents.withLock { contents in
            let wasFull = contents.lanes[lane, default: Lane()].busy >= permits || contents.busy >= total
            contents.lanes[lane, default: Lane()].busy -= 1
            contents.busy -= 1
            if contents.lanes[lane]?.isAsNew == true { contents.lanes[lane] = nil }
            return wasFull
        }
    }

    /// - Returns: whether the lane has become open or closed by it.
    func note(isAnswered: Bool, in lane: String, at now: Date) -> Bool {
        contents.withLock { contents in
            let wasOpen = contents.lanes[lane]?.breaker.isOpen ?? false
            if isAnswered {
                contents.lanes[lane]?.breaker.answered()
            } else {
                contents.lanes[lane, default: Lane()].breaker.wentUnanswered(at: now)
            }
            return wasOpen != (contents.lanes[lane]?.breaker.isOpen ?? false)
        }
    }
}
