package import Foundation
package import Postgres
import Values

/// Takes away what has served its time, so that tables that only grow do not.
package enum Housekeeping {
    package static let jobKind = "housekeeping"
    package static let schedule = Schedule(jobKind, every: .hours(1))

    /// How long events can be replayed and finished jobs looked at.
    package static let memory = Duration.hours(7 * 24)

    package static func statements(at now: Date) -> [SQL] {
        let old = now.advanced(by: .zero - memory)
        return [
            Idempotency.forget(before: now.advanced(by: .zero - .hours(24))),
            Feed.trim(before: old),
            "DELETE FROM queue_jobs WHERE state IN ('done', 'cancelled') AND finished_at < \(old)",
        ]
    }
}
