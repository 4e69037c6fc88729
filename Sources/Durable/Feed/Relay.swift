import Foundation
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Values

/// Moves committed events from the outbox to the feed and gives them their numbers.
///
/// One relay works at a time, whoever gets the lock for the batch, so an event's number is given after its commit and
/// after every lower number's: who has read up to a number has missed nothing below it. (A number taken in the
/// business transaction does not do that: of 43,859 events a reader missed 12,881 in a trial.)
package struct Relay: Service {
    /// The channel on which other processes hear that there is something new.
    package static let channel = "convene_feed"

    private static let batch = 500
    private let throttle = NotifyThrottle(apart: .milliseconds(100))

    let background: Background
    let wakeup: Wakeup
    /// Called after events became visible in the feed.
    let published: @Sendable () -> Void

    package init(
        in background: Background, wakeup: Wakeup = Wakeup(), published: @escaping @Sendable () -> Void = {}
    ) {
        self.background = background
        self.wakeup = wakeup
        self.published = published
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            // A signal may be lost with its process; the poll is what makes it right.
            group.addTask { await wakeup.signal(every: .milliseconds(250), on: background.clock) }
            for await _ in wakeup.signals.cancelOnGracefulShutdown() { await drain() }
        }
    }

    /// Moves all that is committed now.
    package func drain() async {
        do {
            while true {
                let moved = try await moveBatch()
                if moved > 0 {
                    published()
                    throttle.owe()
                    Counter(label: "convene_events_published_total").increment(by: moved)
                }
                if moved < Self.batch { break }
            }
        } catch {
            if error.refusal?.code != Self.busy {
                background.logger.warning("events could not be relayed", metadata: ["error": "\(error)"])
            }
        }
        await notify()
    }

    /// As a hint only, and never in a business transaction: it takes a lock on the whole cluster until commit. What is
    /// still owed goes out with a later drain.
    private func notify() async {
        guard throttle.areDue(at: background.clock.now) else { return }
        do {
            try await background.database.run("SELECT pg_notify(\(Self.channel), '')")
        } catch {
            background.logger.warning("other processes could not be told of events", metadata: ["error": "\(error)"])
        }
    }

    private static let busy = "relay_busy"

    private func moveBatch() async throws(PostgresError) -> Int {
        // The lock in a statement of its own: the second one's snapshot is younger than the lock, and so sees all that
        // the relay before has numbered.
        let moved: [Date] = try await background.database.atomically([
            "SELECT refuse(\(Self.busy)) WHERE NOT pg_try_advisory_xact_lock(hashtext('convene relay'))",
            """
            WITH batch AS (
                DELETE FROM outbox_events
                WHERE id IN (SELECT id FROM outbox_events ORDER BY written_at, id LIMIT \(Self.batch))
                RETURNING *),
            counted AS (SELECT organization_id, count(*) AS events FROM batch GROUP BY organization_id),
            heads AS (
                INSERT INTO feed_heads AS head (organization_id, last_number)
                SELECT organization_id, events FROM counted
                ON CONFLICT (organization_id) DO UPDATE SET last_number = head.last_number + excluded.last_number
                RETURNING organization_id, last_number)
            INSERT INTO event_feed (position, organization_id, number, id, aggregate_id, type, version, payload,
                audience, occurred_at)
            SELECT (SELECT coalesce(max(position), 0) FROM event_feed)
                       + row_number() OVER (ORDER BY b.written_at, b.id),
                   b.organization_id,
                   h.last_number - c.events
                       + row_number() OVER (PARTITION BY b.organization_id ORDER BY b.written_at, b.id),
                   b.id, b.aggregate_id, b.type, b.version, b.payload, b.audience, b.occurred_at
            FROM batch b JOIN counted c USING (organization_id) JOIN heads h USING (organization_id)
            RETURNING occurred_at
            """,
        ])[1].rows()
        let lag = moved.min().map { background.clock.now.timeIntervalSince($0) } ?? 0
        Gauge(label: "convene_relay_lag_seconds").record(max(0, lag))
        return moved.count
    }
}
