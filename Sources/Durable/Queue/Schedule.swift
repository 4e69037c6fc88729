package import Foundation
package import Postgres
import Values

/// Work that is due again and again: once in each `interval`, counted from 1970 in UTC, however many servers there
/// are. What was due while nobody was there is not made up for.
package struct Schedule: Sendable, Hashable {
    package let kind: String
    package let interval: Duration

    /// - Precondition: `interval` is at least a second.
    package init(_ kind: String, every interval: Duration) {
        precondition(interval >= .seconds(1))
        self.kind = kind
        self.interval = interval
    }

    /// Which of its intervals `now` lies in.
    func slot(at now: Date) -> Int {
        Int(saturating: (now.timeIntervalSince1970 / (interval / .seconds(1))).rounded(.down))
    }

    /// Adds the job of the interval that `now` lies in, if nobody has.
    /// - Parameter now: by the database's clock.
    package func enqueue(at now: Date) -> SQL {
        // The id comes from kind and slot, so that a job which is done already is not added again either.
        """
        INSERT INTO queue_jobs (id, kind, key, run_at)
        VALUES (md5(\(kind) || '/' || \(String(slot(at: now))))::uuid, \(kind), \(String(slot(at: now))), \(now))
        ON CONFLICT DO NOTHING
        """
    }
}
