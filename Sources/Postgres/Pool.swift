import Foundation
package import Logging
import ServiceLifecycle
import Synchronization
package import Values

/// The connections behind a ``Database``. They are made when they are first wanted, so statements work before
/// ``run()``; run it as a service all the same: it closes them when the group shuts down.
package final class Pool: Service {
    private struct Contents {
        var state: PoolState
        var connections: [Int: Connection] = [:]
        var waiters: [Int: CheckedContinuation<Result<Connection, PostgresError>, Never>] = [:]
        var waiterNumbers = 0
        var isWatching = false
    }

    private let configuration: PoolConfiguration
    private let clock: any WallClock
    private let logger: Logger
    private let contents: Mutex<Contents>
    private let finished = AsyncStream<Void>.makeStream()

    package init(_ configuration: PoolConfiguration, clock: any WallClock, logger: Logger) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        contents = Mutex(Contents(state: PoolState(size: configuration.size)))
    }

    package var database: Database { Database(pool: self, opening: nil) }

    /// How many connections are open, busy and wanted, for the metrics.
    package var load: PoolLoad { contents.withLock { $0.state.load } }

    /// Waits for the graceful shutdown, then closes the connections.
    package func run() async throws {
        try? await gracefulShutdown()
        await close()
    }

    /// Waits for the connections that are busy, five seconds at most; what still runs then is cancelled. Nothing can be
    /// sent after.
    package func close() async {
        change { $0.close() }
        await withTaskGroup { group in
            group.addTask { [finished] in for await _ in finished.stream {} }
            group.addTask { [clock] in try? await clock.sleep(for: .seconds(5)) }
            await group.next()
            group.cancelAll()
        }
        for connection in contents.withLock({ $0.connections.values.map(\.self) }) { connection.interrupt() }
    }

    // MARK: Lending

    /// - Throws: ``PostgresError/unavailable(reason:)`` when none is free within the wait limit, or the task is cancelled.
    func take() async throws(PostgresError) -> Connection {
        while true {
            let connection = try await ask()
            if connection.isQuiet { return connection }
            change { $0.returned(connection.number, isReusable: false) }
        }
    }

    func giveBack(_ connection: Connection) {
        change { $0.returned(connection.number, isReusable: connection.isReusable) }
    }

    private func ask() async throws(PostgresError) -> Connection {
        let number = contents.withLock { contents in
            contents.waiterNumbers += 1
            return contents.waiterNumbers
        }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = clock.now
                change(first: { $0.waiters[number] = continuation }) { $0.ask(number, at: now) }
                // Cancelled before there was anything to withdraw.
                if Task.isCancelled { withdraw(number) }
            }
        } onCancel: {
            withdraw(number)
        }
        return try answer.get()
    }

    private func withdraw(_ waiter: Int) {
        change { $0.withdraw(waiter, reason: "the task was cancelled while it waited for a connection") }
    }

    // MARK: Acting on what the state says

    private func change(
        first prepare: (inout sending Contents) -> Void = { _ in },
        _ transition: (inout PoolState) -> [PoolState.Action]
    ) {
        // Continuations resume and connections close after the lock is released.
        var (answers, closed): ([() -> Void], [Connection]) = ([], [])
        var connects: [(number: Int, delay: Duration)] = []
        var watch = false
        contents.withLock { contents in
            prepare(&contents)
            for action in transition(&contents.state) {
                switch action {
                case .lend(let number, let waiter):
                    guard let connection = contents.connections[number] else { continue }
                    let continuation = contents.waiters.removeValue(forKey: waiter)
                    answers.append { continuation?.resume(returning: .success(connection)) }
                case .refuse(let waiter, let reason):
                    let continuation = contents.waiters.removeValue(forKey: waiter)
                    answers.append { continuation?.resume(returning: .failure(.unavailable(reason: reason))) }
                case .connect(let number, let delay): connects.append((number, delay))
                case .close(let number):
                    if let connection = contents.connections.removeValue(forKey: number) { closed.append(connection) }
                case .finish: answers.append { [finished] in finished.continuation.finish() }
                }
            }
            if !contents.isWatching, contents.state.longestWaiting != nil {
                contents.isWatching = true
                watch = true
            }
        }
        for answer in answers { answer() }
        for connect in connects { Task { await self.connect(connect.number, after: connect.delay) } }
        if watch { Task { await watchWaiters() } }
    }

    // The two tasks below belong to nobody: connections are made while statements wait, before and outside `run()`.
    // Each ends by itself, after one attempt or with the last waiter.

    private func connect(_ number: Int, after delay: Duration) async {
        if delay > .zero { try? await clock.sleep(for: delay) }
        do {
            let settings = try ConnectionSettings(configuration)
            let connection = Connection(number: number, logger: logger)
            try await connection.open(settings, probing: false)
            change(first: { $0.connections[number] = connection }) { $0.connected(number) }
        } catch {
            logger.warning("no connection to PostgreSQL", metadata: ["error": "\(error)"])
            let reason = if case .unavailable(let reason) = error { reason } else { "\(error)" }
            change { $0.failedToConnect(number, reason: reason) }
        }
    }

    private func watchWaiters() async {
        while let waiter = nextToExpire() {
            // At most the whole limit, even when somebody set the clock back meanwhile.
            let left = configuration.wait - .seconds(clock.now.timeIntervalSince(waiter.since))
            try? await clock.sleep(for: min(max(left, .zero), configuration.wait))
            change { $0.expire(through: waiter.number) }
        }
    }

    private func nextToExpire() -> (number: Int, since: Date)? {
        contents.withLock { contents in
            let next = contents.state.longestWaiting
            contents.isWatching = next != nil
            return next
        }
    }
}

package struct PoolLoad: Sendable, Equatable {
    package let open: Int, busy: Int, waiting: Int
}
