package import Foundation
package import Postgres
package import Values

/// Work to be done later, at least once.
package struct Job: Sendable {
    package let id: JobID
    /// `nil` for the platform's own.
    package let organization: OrganizationID?
    package let kind: String
    /// While a job of this kind and key is waiting or running, another one is not added.
    package let key: String
    /// A JSON object. What stands in it under ``Queue/sealed`` is taken out when the job ends, well or badly.
    package let payload: any Encodable & Sendable
    package let due: Due

    /// By the database's clock.
    package enum Due: Sendable {
        /// Counted from when it is added.
        case after(Duration)
        /// Not before a moment that somebody else has set, such as the end of what they keep.
        case at(Date)

        fileprivate var runAt: SQL {
            switch self {
            case .after(let wait): "present() + \(wait)::interval"
            case .at(let moment): "\(moment)::timestamptz"
            }
        }
    }

    package init(
        id: JobID? = nil, organization: OrganizationID?, kind: String, key: String,
        payload: any Encodable & Sendable, due: Due = .after(.zero)
    ) {
        self.id = id ?? JobID(UUID())
        self.organization = organization
        self.kind = kind
        self.key = key
        self.payload = payload
        self.due = due
    }
}

package enum Queue {
    /// The key of a payload's secret, which nobody needs once the job has ended.
    package static let sealed = "sealed"

    /// Adds the job if the transaction commits and no open job has its kind and key.
    package static func enqueue(_ job: Job) -> SQL {
        """
        INSERT INTO queue_jobs (id, organization_id, kind, key, payload, run_at)
        VALUES (\(job.id), \(job.organization), \(job.kind), \(job.key), \(JSON(AnyPayload(job.payload))), \(job.due.runAt))
        ON CONFLICT (kind, key) WHERE state IN ('waiting', 'running') DO NOTHING
        """
    }

    /// Adds the job if the transaction commits, whatever others are open: for a key that is the job's own. It looks at
    /// no other row, so that somebody who may not read the queue can add to it.
    package static func add(_ job: Job) -> SQL {
        """
        INSERT INTO queue_jobs (id, organization_id, kind, key, payload, run_at)
        VALUES (\(job.id), \(job.organization), \(job.kind), \(job.key), \(JSON(AnyPayload(job.payload))), \(job.due.runAt))
        """
    }
}
