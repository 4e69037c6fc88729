import Foundation
package import Logging
import Metrics
package import Postgres
import ServiceLifecycle
import Synchronization
package import Values

/// Moves committed events from the outbox to the feed and numbers them: densely over all, and densely in each
/// organisation, so that the order of numbers is the order in which they can be seen.
///
/// One relay at a time does so, in whichever process has the lock. The business transaction cannot: a number taken
/// before the commit can become visible after a higher one, and a reader who has passed it never sees it.
package struct Relay: Service {
    /// Where other processes hear that the feed has grown. A hint: who misses it looks by themselves.
    package static let channel = "convene_feed"

    private static let batch = 500
    private static let poll = Duration.milliseconds(250)
    /// A NOTIFY takes a lock over the whole cluster at commit.
    private static let shortestTimeBetweenNotices = Duration.milliseconds(100)

    private let database: Database
    private let clock: any WallClock
    private let wakeup: Wakeup
    private let readers: [Wakeup]
    private let logger: Logger
    private let notices = Notices()

    /// - Parameters:
    ///   - database: as `convene_worker`.
    ///   - wakeup: signalled by whoever has committed events in this process.
    ///   - readers: signalled when the feed has grown.
    package init(
        database: Database, clock: any WallClock, wakeup: Wakeup, readers: [Wakeup] = [], logger: Logger
    ) {
        self.database = database
        self.clock = clock
        self.wakeup = wakeup
        self.readers = readers
        self.logger = logger
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await wakeup.signal(every: Self.poll, on: clock) }
            for await _ in wakeup.signals.cancelOnGracefulShutdown() {
                do {
                    try await runDue()
                } catch {
                    logger.warning("the feed waits", metadata: ["error": "\(error)"])
                }
            }
            group.cancelAll()
        }
    }

    /// Moves all that is there, and returns how many events that were: what a test calls in place of ``run()``.
    @discardableResult
    package func runDue() async throws(PostgresError) -> Int {
        var total = 0
        while true {
            let moved = try await moveBatch()
            total += moved
            if moved > 0 {
                for reader in readers { reader.signal() }
                notices.owe()
            }
            if notices.areDue(at: clock.now, apart: Self.shortestTimeBetweenNotices) {
                try await database.run("SELECT pg_notify(\(Self.channel), '')")
            }
            if moved < Self.batch { return total }
        }
    }

    private struct Moved: Decodable {
        let count: Int
        let oldest: Date?
    }

    private func moveBatch() async throws(PostgresError) -> Int {
        // The lock in a statement before, so that the second one's snapshot is younger than the lock and sees all
        // that the relay before has numbered.
        let results = try await database.atomically([
            "SELECT set_config('app.is_relay', pg_try_advisory_xact_lock(\(Self.lock))::text, true)",
            """
            WITH moved AS (
                DELETE FROM outbox_events
                WHERE id IN (SELECT id FROM outbox_events WHERE current_setting('app.is_relay') = 'true'
                             ORDER BY occurred_at, id LIMIT \(Self.batch))
                RETURNING *),
            counts AS (SELECT organization_id, count(*) AS count FROM moved GROUP BY 1),
            heads AS (
                INSERT INTO feed_heads (organization_id, last_number)
                SELECT organization_id, count FROM counts ORDER BY 1
                ON CONFLICT (organization_id)
                    DO UPDATE SET last_number = feed_heads.last_number + EXCLUDED.last_number
                RETURNING organization_id, last_number),
            recorded AS (
                INSERT INTO event_feed (position, organization_id, number, id, aggregate_id, type, version, payload,
                                        audience, occurred_at)
                SELECT (SELECT coalesce(max(position), 0) FROM event_feed)
                           + row_number() OVER (ORDER BY occurred_at, id),
                       organization_id,
                       last_number - count + row_number() OVER (PARTITION BY organization_id ORDER BY occurred_at, id),
                       id, aggregate_id, type, version, payload, audience, occurred_at
                FROM moved JOIN counts USING (organization_id) JOIN heads USING (organization_id)
                RETURNING occurred_at)
            SELECT count(*) AS count, min(occurred_at) AS oldest FROM recorded
            """,
        ])
        let moved: Moved? = try results[1].row()
        let lag = moved?.oldest.map { clock.now.timeIntervalSince($0) } ?? 0
        Gauge(label: "convene_relay_lag_seconds").record(max(0, lag))
        return moved?.count ?? 0
    }

    private static let lock: Int64 = 0x72_656C_6179  // "relay"
}

/// When the last notice was given, and whether something has happened since.
private final class Notices: Sendable {
    private struct State {
        var last = Date.distantPast
        var areOwed = false
    }

    private let state = Mutex(State())

    func owe() {
        state.withLock { $0.areOwed = true }
    }

    func areDue(at now: Date, apart: Duration) -> Bool {
        state.withLock { state in
            // A clock that was set back gives one notice early rather than none for long.
            guard state.areOwed, abs(now.timeIntervalSince(state.last)) >= apart / .seconds(1) else { return false }
            state = State(last: now, areOwed: false)
            return true
        }
    }
}
