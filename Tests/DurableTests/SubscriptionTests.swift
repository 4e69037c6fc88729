import Durable
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(5))) struct SubscriptionTests {
    @Test func `each event is handled once, in order, whoever and however many handle them`() async throws {
        try await withDatabase { database in
            try await database.makeTally()
            let both = [
                database.subscription { [$0.tally] },
                database.subscription(on: Pool.toTests(database.url, role: "convene_worker").database) { [$0.tally] },
            ]
            for subscription in both { await subscription.drain() }
            let publishing = Task {
                for count in 1...300 { try await database.publish(Happened(count: count)) }
            }
            try await withThrowingDiscardingTaskGroup { group in
                for subscription in both {
                    group.addTask { while try await !database.hasRead(300) { await subscription.drain() } }
                }
            }
            try await publishing.value

            #expect(try await database.tally == Array(1...300))
        }
    }

    @Test func `what happened before the subscription, and what it does not ask for, is not its business`() async throws
    {
        try await withDatabase { database in
            try await database.makeTally()
            try await database.publish(Happened(count: 1))
            let subscription = database.subscription { [$0.tally] }
            await subscription.drain()

            try await database.publish(Other(count: 2))
            try await database.publish(Happened(count: 3))
            await subscription.drain()

            #expect(try await database.tally == [3])
        }
    }

    @Test func `an event that cannot be handled is tried again, and keeps what follows waiting`() async throws {
        try await withDatabase { database in
            try await database.makeTally()
            let isBroken = Mutex(true)
            let subscription = database.subscription { event in
                let count = try event.payload(as: Happened.self).count
                if count == 2, isBroken.withLock({ $0 }) { throw Broken() }
                return [event.tally]
            }
            await subscription.drain()
            for count in 1...3 { try await database.publish(Happened(count: count)) }

            await subscription.drain()
            #expect(try await database.tally == [1])
            isBroken.withLock { $0 = false }
            await subscription.drain()
            #expect(try await database.tally == [1, 2, 3])
        }
    }

    @Test func `an effect that the database refuses moves nothing on`() async throws {
        try await withDatabase { database in
            try await database.makeTally()
            let isRefusing = Mutex(true)
            let subscription = database.subscription { event in
                isRefusing.withLock { $0 } ? [event.tally, "SELECT refuse('not_now')"] : [event.tally]
            }
            await subscription.drain()
            try await database.publish(Happened(count: 1))

            await subscription.drain()
            #expect(try await database.tally == [])
            isRefusing.withLock { $0 = false }
            await subscription.drain()
            #expect(try await database.tally == [1])
        }
    }

    @Test func `events that a subscription has still to read are kept`() async throws {
        try await withDatabase { database in
            let subscription = database.subscription { _ in [] }
            await subscription.drain()
            for count in 1...3 { try await database.publish(Happened(count: count)) }
            try await database.owner.run("UPDATE event_feed SET recorded_at = now() - interval '8 days'")
            let retention = RetentionJob(database: database.worker, rules: Retention.durable, logger: .quiet)

            try await retention.clear()
            #expect(try await database.owner.row("SELECT count(*) FROM event_feed", as: Int.self) == 3)
            await subscription.drain()
            try await retention.clear()
            #expect(try await database.owner.row("SELECT count(*) FROM event_feed", as: Int.self) == 1)
        }
    }

    private struct Broken: Error {}
}

private struct Other: EventPayload {
    static let types = ["other.happened"]
    var count: Int
}

extension FeedEvent {
    fileprivate var tally: SQL { "INSERT INTO tally (count) SELECT (\(payload)::jsonb->>'count')::int" }
}

extension TestDatabase {
    fileprivate func makeTally() async throws {
        try await owner.run("CREATE TABLE tally (place serial, count int)")
        try await owner.run("GRANT ALL ON tally, tally_place_seq TO convene_worker")
    }

    fileprivate var tally: [Int] {
        get async throws { try await owner.rows("SELECT count FROM tally ORDER BY place") }
    }

    fileprivate func hasRead(_ count: Int) async throws -> Bool {
        try await owner.row("SELECT count(*) FROM tally", as: Int.self) ?? 0 >= count
    }

    fileprivate func subscription(
        on pool: Database? = nil, _ handler: @escaping Subscription.Handler
    ) -> Subscription {
        Subscription(
            "tests", to: [Happened.self],
            in: Background(database: pool ?? worker, clock: SystemClock(), logger: .quiet), handler: handler)
    }

    fileprivate func publish(_ payload: any EventPayload) async throws {
        try await worker.run(
            Outbox.append(
                IntegrationEvent(
                    aggregate: UUID(), type: Swift.type(of: payload).types[0], occurredAt: Date(), payload: payload,
                    audience: []),
                of: OrganizationID(at: Date())))
        await Relay(in: Background(database: worker, clock: SystemClock(), logger: .quiet)).drain()
    }
}
