import Foundation
package import Logging
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
    package struct Hopeless: Error, CustomStringConvertible {
        package let description: String
        package init(_ reason: String) { description = reason }
    }

    private static let poll = Duration.milliseconds(500)

    private let database: Database
    private let clock: any WallClock
    private let wakeup: Wakeup
    private let logger: Logger
    private let concurrency: Int
    private let handlers: [String: Handler]
    private let schedules: [Schedule]
    private let scheduled = ScheduledSlots()

    /// - Parameters:
    ///   - database: as `convene_worker`.
    ///   - handlers: by kind; jobs of other kinds are left to other workers.
    package init(
        database: Database, clock: any WallClock, wakeup: Wakeup, logger: Logger, concurrency: Int = 8,
        handlers: [String: Handler], schedules: [Schedule] = []
    ) {
        self.database = database
        self.clock = clock
        self.wakeup = wakeup
        self.logger = logger
        self.concurrency = concurrency
        self.handlers = handlers
        self.schedules = schedules
    }

    package func run() async throws {
        let permits = Permits(concurrency)
        await withDiscardingTaskGroup { group in
            group.addTask { await wakeup.signal(every: Self.poll, on: clock) }
            for await _ in wakeup.signals.cancelOnGracefulShutdown() {
                await prepare()
                while case let room = permits.available, room > 0 {
                    let jobs = await claim(limit: room)
                    for job in jobs {
                        permits.take()
                        group.addTask {
                            await work(on: job)
                            if permits.giveBack() { wakeup.signal() }
                        }
                    }
                    if jobs.count < room { break }
                }
            }
            // What has begun may finish: the answer to a call that is broken off is lost.
        }
    }

    /// Does everything that is due now, and returns when it is done: what a test calls in place of ``run()``.
    package func runDue() async {
        await prepare()
        while case let jobs = await claim(limit: concurrency), !jobs.isEmpty {
            await withDiscardingTaskGroup { group in
                for job in jobs { group.addTask { await work(on: job) } }
            }
        }
    }

    // MARK: What is due

    private struct Depth: Decodable {
        let waiting: Int, running: Int, dead: Int
        /// Seconds that the longest due job has waited.
        let age: Double
    }

    /// Frees what dead workers hold, adds what the schedules want, and measures.
    private func prepare() async {
        do {
            let now = clock.now
            try await database.run(Queue.rescue)
            for schedule in schedules where scheduled.isNew(schedule, at: now) {
                try await database.run(schedule.enqueue(at: now))
                scheduled.remember(schedule, at: now)
            }
            let depth: Depth? = try await database.row(
                """
                SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
                       count(*) FILTER (WHERE state = 'running') AS running,
                       (SELECT count(*) FROM queue_jobs WHERE state = 'dead') AS dead,
                       coalesce(extract(epoch FROM \(now) - min(run_at) FILTER (WHERE state = 'waiting')), 0) AS age
                FROM queue_jobs WHERE state IN ('waiting', 'running')
                """)
            guard let depth else { return }
            for (state, count) in [("waiting", depth.waiting), ("running", depth.running), ("dead", depth.dead)] {
                Gauge(label: "convene_queue_jobs", dimensions: [("state", state)]).record(count)
            }
            Gauge(label: "convene_queue_age_seconds").record(max(0, depth.age))
        } catch {
            logger.warning("the queue could not be looked after", metadata: ["error": "\(error)"])
        }
    }

    private func claim(limit: Int) async -> [ClaimedJob] {
        do {
            return try await database.rows(Queue.claim(kinds: handlers.keys.sorted(), at: clock.now, limit: limit))
        } catch {
            logger.warning("no jobs could be claimed", metadata: ["error": "\(error)"])
            return []
        }
    }

    // MARK: One job

    private func work(on job: ClaimedJob) async {
        guard let handler = handlers[job.kind] else { return }
        var logger = logger
        logger[metadataKey: "job_id"] = "\(job.id)"
        logger[metadataKey: "kind"] = "\(job.kind)"
        do {
            let effects = try await holding(job) { try await handler(job) }
            try await database.atomically(effects + [Queue.finish(job)])
        } catch let error as PostgresError where error.refusal?.code == Queue.lost {
            logger.notice("a job was lost to another worker")
        } catch {
            // Cancelled by our own shutdown: its lease runs out, and the next worker has it.
            if Task.isCancelled { return }
            logger.warning("a job failed", metadata: ["attempt": "\(job.attempts)", "error": "\(error)"])
            var random = SystemRandomNumberGenerator()
            let next = clock.now.advanced(by: Backoff.delay(after: job.attempts, using: &random))
            do {
                try await database.run(
                    Queue.fail(job, error: "\(error)", again: next, isFinal: error is Hopeless))
            } catch {
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
                while true {
                    try await clock.sleep(for: Queue.lease / 3)
                    // A beat that cannot be sent is no loss yet: two more follow before the lease ends.
                    if let touched = try? await database.run(Queue.extend(job)), touched == 0 { return nil }
                }
            }
            defer { group.cancelAll() }
            guard case .some(.some(let value)) = try await group.next() else { throw JobLost() }
            return value
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
