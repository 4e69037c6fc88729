import Foundation
import Logging
import Metrics
package import Postgres
import ServiceLifecycle
import Values

/// Reads the feed to the end of time, and does something about each event exactly once: how far it has read and what
/// came of it are one transaction.
///
/// Any number of processes may run a subscription; of two that read the same events one writes. It begins with what
/// happens after it ran first, and goes on after a pause of up to the seven days for which events are kept.
package struct Subscription: Service {
    /// What an event brings about, for the transaction that moves the cursor on: jobs to enqueue, say. Nothing may be
    /// written and nobody outside asked before that; a network call belongs in a job.
    package typealias Handler = @Sendable (FeedEvent) async throws -> [SQL]

    private static let batch = 200

    let name: String
    let types: [String]
    let background: Background
    /// Told when something was published.
    let wakeup: Wakeup
    let handler: Handler

    /// - Parameters:
    ///   - name: of its cursor, for ever.
    ///   - payloads: what it wants to hear of.
    package init(
        _ name: String, to payloads: [any EventPayload.Type], in background: Background, wakeup: Wakeup = Wakeup(),
        handler: @escaping Handler
    ) {
        self.name = name
        types = payloads.flatMap { $0.types }
        self.background = background
        self.wakeup = wakeup
        self.handler = handler
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await wakeup.signal(every: .milliseconds(500), on: background.clock) }
            for await _ in wakeup.signals.cancelOnGracefulShutdown() { await drain() }
        }
    }

    /// Handles all that is in the feed now. An event that cannot be handled is tried again with the next wake-up, and
    /// holds up what follows: nothing is skipped, and order is kept.
    package func drain() async {
        do {
            while try await advance() {}
        } catch let error as PostgresError where error.refusal?.code == Self.moved {
            // Another process has handled these.
        } catch {
            background.logger.error(
                "a subscription stands still", metadata: ["subscription": "\(name)", "error": "\(error)"])
        }
    }

    private static let moved = "cursor_moved"

    /// - Returns: whether there may be more.
    private func advance() async throws -> Bool {
        let position = try await position()
        let events = try await background.database.rows(
            Feed.events(afterPosition: position, limit: Self.batch), as: FeedEvent.self)
        var handled = position
        var effects: [SQL] = []
        var failure: (any Error)?
        for event in events {
            do {
                if types.contains(event.type) { effects += try await handler(event) }
                handled = event.position
            } catch {
                // What came before it is kept.
                failure = error
                break
            }
        }
        if handled > position {
            try await background.database.uncancelled([move(from: position, to: handled)] + effects)
        }
        if let failure { throw failure }
        Counter(label: "convene_subscription_events_total", dimensions: [("subscription", name)])
            .increment(by: events.count)
        return events.count == Self.batch
    }

    private func position() async throws -> Int {
        let known: SQL = "SELECT position FROM feed_cursors WHERE name = \(name)"
        if let position = try await background.database.row(known, as: Int.self) { return position }
        try await background.database.run(
            """
            INSERT INTO feed_cursors (name, position) SELECT \(name), coalesce(max(position), 0) FROM event_feed
            ON CONFLICT DO NOTHING
            """)
        return try await background.database.row(known, as: Int.self) ?? 0
    }

    /// Before the effects: of two that have read the same events the second waits here, and is refused.
    private func move(from old: Int, to new: Int) -> SQL {
        """
        WITH moved AS (
            UPDATE feed_cursors SET position = \(new), moved_at = present()
            WHERE name = \(name) AND position = \(old) RETURNING 1)
        SELECT refuse(\(Self.moved)) WHERE NOT EXISTS (SELECT FROM moved)
        """
    }
}
