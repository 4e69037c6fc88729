package import Logging
package import Postgres
import Values

/// Takes away what has served its time, so that tables that only grow do not. By the database's clock: a server's own
/// that is wrong forgets nothing early.
package struct RetentionJob: Sendable {
    package static let jobKind = "retention"
    package static let schedule = Schedule(jobKind, every: .hours(1))

    private let database: Database
    private let rules: [Retention]
    private let logger: Logger

    /// - Parameter database: as `convene_worker`.
    package init(database: Database, rules: [Retention], logger: Logger) {
        self.database = database
        self.rules = rules
        self.logger = logger
    }

    /// Each table in small statements of their own, until nothing of it is too old. One that fails does not keep the
    /// others from being cleared.
    /// - Throws: ``Incomplete`` naming what failed, after all others are done; the queue tries again.
    package func clear() async throws {
        var failed: [String] = []
        for rule in rules {
            do {
                let removed = try await clear(rule)
                if removed > 0 { logger.info("cleared", metadata: ["what": "\(rule.what)", "rows": "\(removed)"]) }
            } catch {
                try Task.checkCancellation()
                logger.warning("not cleared", metadata: ["what": "\(rule.what)", "error": "\(error)"])
                failed.append(rule.what)
            }
        }
        if !failed.isEmpty { throw Incomplete(what: failed) }
    }

    private func clear(_ rule: Retention) async throws -> Int {
        var removed = 0
        while true {
            try Task.checkCancellation()
            let batch = try await database.run(rule.statement)
            removed += batch
            if batch < Retention.batch { return removed }
        }
    }

    package struct Incomplete: Error, CustomStringConvertible {
        let what: [String]
        package var description: String { "could not be cleared: \(what.joined(separator: ", "))" }
    }
}

/// For how long something is kept. What an operator may rely on stands in docs/operations.md.
package struct Retention: Sendable {
    /// Rows that one statement takes away, so that each is over in a moment.
    package static let batch = 2_000

    let what: String
    let statement: SQL

    /// - Parameters:
    ///   - what: in words, for the log.
    ///   - condition: which rows are too old; see ``past(_:)``.
    package init(_ what: String, in table: String, where condition: SQL) {
        self.what = what
        // By the place of the row: found without an index, and a row that somebody changes meanwhile is another one.
        statement = """
            DELETE FROM \(identifier: table) WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM \(identifier: table) WHERE \(condition) LIMIT \(Self.batch)))
            """
    }

    /// Whatever lies before this was long ago.
    package static func past(_ age: Duration) -> SQL { "(present() - \(age)::interval)" }

    /// What this target's own tables keep.
    package static var durable: [Retention] {
        [
            Retention(
                "idempotency keys", in: "idempotency_keys", where: "created_at < \(past(.hours(24)))"),
            // Every bucket is full again after so long.
            Retention("rate limits", in: "rate_limits", where: "filled_at < \(past(.hours(24)))"),
            // All but the newest one, from which the numbers go on, and what a subscription has still to read. One that
            // has read nothing for a month is taken for gone.
            Retention(
                "events", in: "event_feed",
                where: """
                    recorded_at < \(past(.hours(7 * 24))) AND position < (SELECT max(position) FROM event_feed)
                        AND position <= ALL (SELECT position FROM feed_cursors
                                             WHERE moved_at > \(past(.hours(30 * 24))))
                    """),
            Retention(
                "finished jobs", in: "queue_jobs",
                where: "state IN ('done', 'cancelled') AND finished_at < \(past(.hours(7 * 24)))"),
            Retention(
                "dead jobs", in: "queue_jobs",
                where: "state = 'dead' AND finished_at < \(past(.hours(30 * 24)))"),
        ]
    }
}
