import Foundation
import Logging
import Metrics
package import Postgres
import ServiceLifecycle
import Synchronization
package import Values

/// Does the jobs of the queue, several at once. Any number of workers may run, in any number of processes.
package struct Worker: Service {
    /// What is to be done for a kind of job. It may run more than once for one job, and be cancelled when the job was
    /// lost. What it returns is committed together with the job's end, or not at all.
    package typealias Handler = @Sendable (ClaimedJob) async throws -> [SQL]

    /// What a handler throws when trying again would change nothing: the job is dead at once.
    package struct Hopeless: Explained {
        package let explanation: Explanation
        package init(_ explanation: Explanation) { self.explanation = explanation }
    }

    /// Between two counts of the queue, which look at every job that waits.
    private static let betweenCounts = Duration.seconds(15)

    private let background: Background
    private let wakeup = Wakeup()
    private let lanes: Lanes
    private let handlers: [String: Handler]
    private let schedules: [Schedule]
    private let scheduled = ScheduledSlots()
    private let counted = Counted()

    /// - Parameters:
    ///   - concurrency: of each kind: mails to a server that is silent keep nobody else's work.
    ///   - handlers: by kind; jobs of other kinds are left to other workers.
    package init(
        in background: Background, concurrency: Int = 8, handlers: [String: Handler], schedules: [Schedule] = []
    ) {
        self.background = background
        lanes = Lanes(permits: concurrency, total: concurrency * handlers.count)
        self.handlers = handlers
        self.schedules = schedules
    }

    package func run() async throws { await loop.run() }

    /// Does everything that is due now, and returns when it is done: what a test calls in place of ``run()``.
    package func runDue() async { await loop.runDue() }

    private var loop: ClaimLoop<ClaimedJob> {
        ClaimLoop(lanes: lanes, wakeup: wakeup, clock: background.clock, prepare: prepare, claim: claim, work: work)
    }

    // MARK: What is due

    private struct Depth: Decodable {
        let waiting: Int, running: Int, dead: Int
        /// Seconds that the longest due job has waited.
        let age: Double
    }

    /// Frees what dead workers hold, adds what the schedules want, and now and then counts.
    private func prepare() async {
        do {
            let results = try await background.database.atomically([Queue.rescue, "SELECT present()"])
            guard let now: Date = try results[1].row() else { return }
            for schedule in schedules where scheduled.isNew(schedule, at: now) {
                try await background.database.run(schedule.enqueue(at: now))
                scheduled.remember(schedule, at: now)
            }
            if counted.isDue(at: background.clock.now, every: Self.betweenCounts) { try await count() }
        } catch {
            background.logger.warning("the queue could not be looked after", metadata: ["error": "\(error)"])
        }
    }

    private func count() async throws(PostgresError) {
        let depth: Depth? = try await background.database.row(
            """
            SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
                   count(*) FILTER (WHERE state = 'running') AS running,
                   (SELECT count(*) FROM queue_jobs WHERE state = 'dead') AS dead,
                   coalesce(extract(epoch FROM present() - min(run_at) FILTER (WHERE state = 'waiting')), 0) AS age
            FROM queue_jobs WHERE state IN ('waiting', 'running')
            """)
        guard let depth else { return }
        for (state, count) in [("waiting", depth.waiting), ("running", depth.running), ("dead", depth.dead)] {
            Gauge(label: "convene_queue_jobs", dimensions: [("state", state)]).record(count)
        }
        Gauge(label: "convene_queue_age_seconds").record(max(0, depth.age))
    }

    private func claim() async -> [ClaimedJob] {
        let rooms = Dictionary(
            uniqueKeysWithValues: handlers.keys.map { ($0, lanes.room(in: $0, at: background.clock.now)) })
        guard rooms.values.contains(where: { $0 > 0 }) else { return [] }
        do {
            return try await background.database.rows(Queue.claim(rooms: rooms))
        } catch {
            background.logger.warning("no jobs could be claimed", metadata: ["error": "\(error)"])
            return []
        }
    }

    // MARK: One job

    private func work(on job: ClaimedJob) async {
        guard let handler = handlers[job.kind] else { return }
        var logger = background.logger
        logger[metadataKey: "job_id"] = "\(job.id)"
        logger[metadataKey: "kind"] = "\(job.kind)"
        do {
            let effects = try await holding(job) { try await handler(job) }
            try await background.database.uncancelled(effects + [Queue.finish(job)])
        } catch let error as PostgresError where error.refusal?.code == Queue.lost {
            logger.notice("a job was lost to another worker")
        } catch {
            let end: SQL
            if Task.isCancelled, !(error is Hopeless) {
                // By our own shutdown: the next worker has it at once.
                end = Queue.giveBack(job)
            } else {
                logger.warning("a job failed", metadata: ["attempt": "\(job.attempts)", "error": "\(error)"])
                var random = SystemRandomNumberGenerator()
                end = Queue.fail(
                    job, error: .whatFailed(error), again: Backoff.delay(after: job.attempts, using: &random),
                    isFinal: error is Hopeless)
            }
            do { try await background.database.uncancelled([end]) } catch {
                logger.warning("a failure could not be recorded", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Extends the lease while `body` runs, and cancels it when the job is lost.
    private func holding<Value: Sendable>(
        _ job: ClaimedJob, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                // Broken off by our own shutdown it says nothing: what the body brought is still to be written.
                while (try? await background.clock.sleep(for: Queue.lease / 3)) != nil {
                    // A beat that cannot be sent is no loss yet: two more follow before the lease ends.
                    let touched = try? await background.database.run(Queue.extend(job))
                    if touched == 0 { throw JobLost() }
                }
                return nil
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let value = ended { return value }
            }
            throw JobLost()
        }
    }

    private struct JobLost: Error {}
}

/// Which slot of each schedule this process has added already, so that it asks the database once a slot.
private final class ScheduledSlots: Sendable {
    private let slots = Mutex<[Schedule: Int]>([:])

    func isNew(_ schedule: Schedule, at now: Date) -> Bool {
        slots.withLock { $0[schedule] != schedule.slot(at: now) }
    }

    func remember(_ schedule: Schedule, at now: Date) {
        slots.withLock { $0[schedule] = schedule.slot(at: now) }
    }
}

/// When the queue was last counted.
private final class Counted: Sendable {
    private let last = Mutex(Date.distantPast)

    func isDue(at now: Date, every interval: Duration) -> Bool {
        last.withLock { last in
            guard now.timeIntervalSince(last).magnitude >= interval / .seconds(1) else { return false }
            last = now
            return true
        }
    }
}
