import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing
import Values

@testable import Durable

@Suite(.timeLimit(.minutes(5))) struct QueueTests {
    private struct Failure: Error {}

    @Test func `a thousand enqueues under one key run once`() async throws {
        try await withDatabase { database in
            let runs = Runs()
            let worker = worker(database) { _ in
                runs.add()
                return []
            }
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        for _ in 0..<50 { try await database.worker.run(Queue.enqueue(Self.job())) }
                    }
                }
                try await group.waitForAll()
            }
            await worker.runDue()
            #expect(runs.count == 1)
            try await database.worker.run(Queue.enqueue(Self.job()))
            await worker.runDue()
            #expect(runs.count == 2)
        }
    }

    @Test func `a dead worker's job is rescued, and when the dead one wakes, its effect is not kept`() async throws {
        try await withDatabase { database in
            try await database.owner.run("CREATE TABLE effects (by text)")
            try await database.owner.run("GRANT ALL ON effects TO convene_worker")
            try await database.worker.run(Queue.enqueue(Self.job()))
            let claim = Queue.claim(rooms: ["test": 1])
            let zombie = try #require(try await database.worker.row(claim, as: ClaimedJob.self))
            let worker = worker(database) { _ in ["INSERT INTO effects VALUES ('rescuer')"] }
            await worker.runDue()
            #expect(try await database.owner.row("SELECT count(*) FROM effects", as: Int.self) == 0)

            try await database.owner.run("UPDATE queue_jobs SET lease_until = now() - interval '1 second'")
            await worker.runDue()
            let error = await #expect(throws: PostgresError.self) {
                try await database.worker.atomically([
                    "INSERT INTO effects VALUES ('zombie')", Queue.finish(zombie),
                ])
            }
            #expect(error?.refusal?.code == Queue.lost)
            #expect(try await database.worker.run(Queue.extend(zombie)) == 0)
            #expect(
                try await database.worker.run(
                    Queue.fail(zombie, error: Explanation(JobReason.failed, ["error": .text("x")]), again: .zero)) == 0)
            #expect(try await database.owner.rows("SELECT by FROM effects", as: String.self) == ["rescuer"])
        }
    }

    @Test func `a failed job is tried again later, and after the last attempt never`() async throws {
        try await withDatabase { database in
            let clock = TestClock(now: Self.now)
            try await database.setClock(to: clock.now)
            let runs = Runs()
            let worker = worker(database, clock: clock) { _ in
                runs.add()
                throw Failure()
            }
            try await database.worker.run(Queue.enqueue(Self.job()))
            for attempt in 1...20 {
                await worker.runDue()
                #expect(runs.count == attempt)
                await worker.runDue()
                #expect(runs.count == attempt)
                clock.advance(by: .minutes(12))
                try await database.setClock(to: clock.now)
            }
            await worker.runDue()
            #expect(runs.count == 20)
            #expect(try await database.owner.rows("SELECT state FROM queue_jobs", as: String.self) == ["dead"])
        }
    }

    @Test func `a job that no worker survives is dead after five of them, with the reason`() async throws {
        try await withDatabase { database in
            try await database.worker.run(Queue.enqueue(Self.job()))
            for death in 1...5 {
                let claimed: [ClaimedJob] = try await database.worker.rows(Queue.claim(rooms: ["test": 1]))
                #expect(claimed.count == 1, "before death \(death)")
                try await database.owner.run("UPDATE queue_jobs SET lease_until = now() - interval '1 second'")
                try await database.worker.run(Queue.rescue)
            }
            struct End: Decodable, Equatable { let state: String, lastError: Explanation }
            let abandoned = Explanation(JobReason.abandoned, ["times": .number(5)])
            #expect(
                try await database.owner.rows("SELECT state, last_error FROM queue_jobs")
                    == [End(state: "dead", lastError: abandoned)])
            #expect(try await database.worker.rows(Queue.claim(rooms: ["test": 1]), as: ClaimedJob.self).isEmpty)
        }
    }

    @Test func `no kind of job waits for another`() async throws {
        try await withDatabase { database in
            let (never, hold) = AsyncStream<Void>.makeStream()
            let runs = Runs()
            let worker = Worker(
                in: Background(database: database.worker, clock: TestClock(now: Self.now), logger: .quiet),
                concurrency: 2,
                handlers: [
                    "slow": { _ in
                        for await _ in never {}
                        return []
                    },
                    "quick": { _ in
                        runs.add()
                        if runs.count == 3 { hold.finish() }
                        return []
                    },
                ])
            for number in 1...50 {
                try await database.worker.run(
                    Queue.enqueue(Job(organization: nil, kind: "slow", key: "\(number)", payload: [Int]())))
            }
            for number in 1...3 {
                try await database.worker.run(
                    Queue.enqueue(Job(organization: nil, kind: "quick", key: "\(number)", payload: [Int]())))
            }
            let running = Task { try await worker.run() }
            // The slow ones go on only when every quick one is done, so that this ends at all.
            for await _ in never {}
            running.cancel()
            try await running.value
            #expect(runs.count == 3)
        }
    }

    @Test func `a worker that is stopped gives its job back at once, and the attempt does not count`() async throws {
        try await withDatabase { database in
            let (started, start) = AsyncStream<Void>.makeStream()
            let worker = worker(database) { _ in
                start.finish()
                let (never, continuation) = AsyncStream<Void>.makeStream()
                for await _ in never {}
                continuation.finish()
                try Task.checkCancellation()
                return []
            }
            try await database.worker.run(Queue.enqueue(Self.job()))
            let running = Task { await worker.runDue() }
            for await _ in started {}

            running.cancel()
            await running.value

            let left: [String] = try await database.owner.rows("SELECT state || ' ' || attempts FROM queue_jobs")
            #expect(left == ["waiting 0"])
        }
    }

    @Test func `what was done when its worker was stopped is written down`() async throws {
        try await withDatabase { database in
            try await database.owner.run("CREATE TABLE effects (by text)")
            try await database.owner.run("GRANT ALL ON effects TO convene_worker")
            let (started, start) = AsyncStream<Void>.makeStream()
            let worker = worker(database) { _ in
                start.finish()
                let (never, continuation) = AsyncStream<Void>.makeStream()
                for await _ in never {}
                continuation.finish()
                return ["INSERT INTO effects VALUES ('stopped')"]
            }
            try await database.worker.run(Queue.enqueue(Self.job()))
            let running = Task { await worker.runDue() }
            for await _ in started {}

            running.cancel()
            await running.value

            #expect(try await database.owner.rows("SELECT state FROM queue_jobs", as: String.self) == ["done"])
            #expect(try await database.owner.rows("SELECT by FROM effects", as: String.self) == ["stopped"])
        }
    }

    @Test func `a server's own clock delays no job`() async throws {
        try await withDatabase { database in
            let clock = TestClock(now: Date(timeIntervalSince1970: 1_000_000_000))
            try await database.setClock(to: Self.now)
            let runs = Runs()
            let worker = worker(database, clock: clock) { _ in
                runs.add()
                if runs.count == 1 { throw Failure() }
                return []
            }
            try await database.worker.run(Queue.enqueue(Self.job()))
            await worker.runDue()
            try await database.setClock(to: Self.now.advanced(by: .seconds(2)))
            await worker.runDue()
            #expect(runs.count == 2)
        }
    }

    @Test func `the waits double to ten minutes, a fifth more or less`() {
        var random = SystemRandomNumberGenerator()
        for (attempt, seconds) in [(1, 1.0), (2, 2), (5, 16), (10, 512), (11, 600), (19, 600), (500, 600)] {
            let delay = Backoff.delay(after: attempt, using: &random) / .seconds(1)
            #expect((seconds * 0.8...seconds * 1.2).contains(delay))
        }
    }

    @Test func `while a job runs its lease is extended, and a lost one is cancelled`() async throws {
        try await withDatabase { database in
            let clock = TestClock(now: Self.now)
            let (started, start) = AsyncStream<Void>.makeStream()
            let worker = worker(database, clock: clock) { _ in
                start.finish()
                // Until it is cancelled.
                let (never, continuation) = AsyncStream<Void>.makeStream()
                for await _ in never {}
                continuation.finish()
                try Task.checkCancellation()
                return []
            }
            try await database.worker.run(Queue.enqueue(Self.job()))
            let running = Task { await worker.runDue() }
            for await _ in started {}
            await clock.sleepers()
            try await database.owner.run("UPDATE queue_jobs SET lease_until = now()")
            clock.advance(by: .seconds(20))
            await clock.sleepers()
            let isExtended: SQL = "SELECT lease_until > now() + interval '30 seconds' FROM queue_jobs"
            #expect(try await database.owner.row(isExtended, as: Bool.self) == true)

            try await database.owner.run("UPDATE queue_jobs SET fence = fence + 1")
            clock.advance(by: .seconds(20))
            await running.value
        }
    }

    @Test func `a schedule adds one job a slot, for all servers together`() async throws {
        try await withDatabase { database in
            let clock = TestClock(now: Self.now)
            let runs = Runs()
            let schedule = Schedule("test", every: .hours(1))
            let workers = (1...2).map { _ in
                worker(database, clock: clock, schedules: [schedule]) { _ in
                    runs.add()
                    return []
                }
            }
            for expected in 1...3 {
                // Each server's own clock stands still.
                try await database.setClock(to: Self.now.advanced(by: .hours(expected)))
                for worker in workers { await worker.runDue() }
                try await database.setClock(to: Self.now.advanced(by: .hours(expected) + .minutes(20)))
                for worker in workers { await worker.runDue() }
                #expect(runs.count == expected)
            }
        }
    }

    /// A full hour.
    private static let now = Date(timeIntervalSince1970: 1_788_771_600)

    private static func job() -> Job {
        Job(organization: nil, kind: "test", key: "key", payload: ["a": 1])
    }

    private func worker(
        _ database: TestDatabase, clock: TestClock = TestClock(now: now), schedules: [Schedule] = [],
        _ handler: @escaping Worker.Handler
    ) -> Worker {
        Worker(
            in: Background(database: database.worker, clock: clock, logger: .quiet), handlers: ["test": handler],
            schedules: schedules)
    }
}

private final class Runs: Sendable {
    private let total = Atomic<Int>(0)

    func add() { total.add(1, ordering: .relaxed) }
    var count: Int { total.load(ordering: .relaxed) }
}
