import Foundation

/// Who has which connection, who waits for one, and when a new one is to be made. A pure value: it decides, and
/// ``Pool`` acts.
///
/// Waiters are served in the order in which they came. While the server is down one attempt at a time is made, after
/// waits that double from 50 ms and stop growing at 500 ms.
struct PoolState {
    enum Action: Equatable {
        case lend(connection: Int, to: Int)
        case refuse(waiter: Int, reason: String)
        case connect(number: Int, after: Duration)
        case close(connection: Int)
        /// Closing, and nothing is open any more.
        case finish
    }

    private struct Waiter {
        let number: Int
        let since: Date
    }

    private let size: Int
    /// The one used last is lent first: its statements are prepared, and the others may rest.
    private var idle: [Int] = []
    private var busy: Set<Int> = []
    private var connecting: Set<Int> = []
    private var waiters: [Waiter] = []
    private var numbers = 0
    private var failures = 0
    private var lastFailure: String?
    private var isClosed = false

    init(size: Int) {
        self.size = max(1, size)
    }

    var load: PoolLoad { PoolLoad(open: idle.count + busy.count, busy: busy.count, waiting: waiters.count) }

    /// Who has waited longest, and since when.
    var longestWaiting: (number: Int, since: Date)? { waiters.first.map { ($0.number, $0.since) } }

    mutating func ask(_ waiter: Int, at now: Date) -> [Action] {
        guard !isClosed else { return [.refuse(waiter: waiter, reason: "the pool is closed")] }
        if let connection = idle.popLast() {
            busy.insert(connection)
            return [.lend(connection: connection, to: waiter)]
        }
        waiters.append(Waiter(number: waiter, since: now))
        return connectIfWanted()
    }

    /// The waiter has gone, for a reason of its own. Nothing happens when it has been served already.
    mutating func withdraw(_ waiter: Int, reason: String) -> [Action] {
        guard let index = waiters.firstIndex(where: { $0.number == waiter }) else { return [] }
        waiters.remove(at: index)
        return [.refuse(waiter: waiter, reason: reason)]
    }

    /// `waiter` has waited for as long as anybody may, and so has everybody who came before it.
    mutating func expire(through waiter: Int) -> [Action] {
        guard let index = waiters.firstIndex(where: { $0.number == waiter }) else { return [] }
        let reason =
            lastFailure.map { "PostgreSQL cannot be reached: \($0)" }
            ?? (busy.count == size ? "all \(size) connections are busy" : "PostgreSQL did not answer in time")
        let expired = waiters[...index]
        waiters.removeFirst(index + 1)
        return expired.map { .refuse(waiter: $0.number, reason: reason) }
    }

    mutating func connected(_ connection: Int) -> [Action] {
        connecting.remove(connection)
        failures = 0
        lastFailure = nil
        if isClosed { return [.close(connection: connection)] + finishIfEmpty() }
        return lend(connection) + connectIfWanted()
    }

    mutating func failedToConnect(_ connection: Int, reason: String) -> [Action] {
        connecting.remove(connection)
        failures += 1
        lastFailure = reason
        return isClosed ? finishIfEmpty() : connectIfWanted()
    }

    mutating func returned(_ connection: Int, isReusable: Bool) -> [Action] {
        busy.remove(connection)
        if isClosed { return [.close(connection: connection)] + finishIfEmpty() }
        return isReusable ? lend(connection) : [.close(connection: connection)] + connectIfWanted()
    }

    /// Idle connections close at once, busy ones when they are returned, and nobody gets one any more.
    mutating func close() -> [Action] {
        guard !isClosed else { return [] }
        isClosed = true
        defer {
            waiters = []
            idle = []
        }
        let refusals = waiters.map { Action.refuse(waiter: $0.number, reason: "the pool is closed") }
        let closings = idle.map(Action.close(connection:))
        return refusals + closings + (busy.isEmpty && connecting.isEmpty ? [.finish] : [])
    }

    private mutating func lend(_ connection: Int) -> [Action] {
        guard !waiters.isEmpty else {
            idle.append(connection)
            return []
        }
        busy.insert(connection)
        return [.lend(connection: connection, to: waiters.removeFirst().number)]
    }

    private mutating func connectIfWanted() -> [Action] {
        let room = size - idle.count - busy.count - connecting.count
        let wanted = min(room, waiters.count - connecting.count)
        let allowed = failures == 0 ? wanted : min(wanted, 1 - connecting.count)
        guard allowed > 0 else { return [] }
        let delay: Duration =
            failures == 0 ? .zero : min(.milliseconds(50 << min(failures - 1, 10)), .milliseconds(500))
        return (0..<allowed).map { _ in
            numbers += 1
            connecting.insert(numbers)
            return .connect(number: numbers, after: delay)
        }
    }

    private func finishIfEmpty() -> [Action] {
        busy.isEmpty && connecting.isEmpty ? [.finish] : []
    }
}
