import Durable
import Foundation
import Postgres
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(5))) struct FeedTests {
    private struct Changed: Error {}

    @Test func `sixteen writers who roll back now and then: every committed event is read once, in dense numbers`()
        async throws
    {
        try await withDatabase { database in
            let organizations = (1...3).map { _ in OrganizationID(at: Date()) }
            let relay = Self.relay(database.worker)
            let second = Self.relay(Pool.toTests(database.url, role: "convene_worker").database)
            let committed = Committed()
            let moving = [relay, second].map { relay in
                Task { while !Task.isCancelled { await relay.drain() } }
            }
            let reading = organizations.map { organization in
                Task {
                    let inside = database.app.opening(
                        with: "SELECT set_config('app.org_ids', \([organization]), true)")
                    var seen: [FeedEvent] = []
                    while true {
                        let isComplete = await committed.isComplete
                        let new: [FeedEvent] = try await inside.rows(
                            Feed.events(afterNumber: seen.last?.number ?? 0, limit: 50))
                        seen += new
                        if isComplete, new.isEmpty { return seen }
                    }
                }
            }
            try await withThrowingTaskGroup { writers in
                for writer in 0..<16 {
                    writers.addTask {
                        for turn in 0..<40 {
                            let organization = organizations[(writer + turn) % 3]
                            let event = Self.event()
                            do {
                                try await database.worker.transaction { tx in
                                    try await tx.run(Outbox.append(event, of: organization))
                                    if Int.random(in: 0..<5) == 0 { throw Changed() }
                                }
                                await committed.add(event.id, of: organization)
                            } catch is Changed {}
                        }
                    }
                }
                try await writers.waitForAll()
            }
            // Cut off in the middle of whatever they do.
            for mover in moving {
                mover.cancel()
                _ = await mover.result
            }
            await relay.drain()
            await committed.complete()
            var read: [FeedEvent] = []
            for reader in reading { read += try await reader.value }

            let expected = await committed.events
            #expect(read.count == expected.count)
            #expect(Dictionary(read.map { ($0.id, $0.organizationId) }) { first, _ in first } == expected)
            for organization in organizations {
                let numbers = read.filter { $0.organizationId == organization }.map(\.number)
                #expect(numbers == Array(1...numbers.count))
            }
            #expect(read.map(\.position).sorted() == Array(1...expected.count))
        }
    }

    @Test func `other processes are told, at most ten times a second`() async throws {
        try await withDatabase { database in
            let clock = TestClock()
            let relay = Self.relay(database.worker, clock: clock)
            let listener = Listener(PoolConfiguration(url: database.url), channel: Relay.channel, logger: .quiet)
            var heard = listener.notifications().makeAsyncIterator()
            #expect(await heard.next() == .some(nil))
            for _ in 1...3 {
                try await database.worker.run(Outbox.append(Self.event(), of: OrganizationID(at: Date())))
                await relay.drain()
            }
            #expect(await heard.next() == "")
            clock.advance(by: .milliseconds(100))
            await relay.drain()
            #expect(await heard.next() == "")
            try await database.owner.run("SELECT pg_notify(\(Relay.channel), 'nothing between')")
            #expect(await heard.next() == "nothing between")
        }
    }

    private static func relay(_ database: Database, clock: any WallClock = SystemClock()) -> Relay {
        Relay(in: Background(database: database, clock: clock, logger: .quiet))
    }

    private static func event() -> IntegrationEvent {
        IntegrationEvent(
            aggregate: UUID(), type: "test.happened", occurredAt: Date(), payload: Happened(count: 1), audience: [])
    }
}

struct Happened: EventPayload {
    static let types = ["test.happened"]
    var count: Int
}

private actor Committed {
    private(set) var events: [EventID: OrganizationID] = [:]
    private(set) var isComplete = false

    func add(_ event: EventID, of organization: OrganizationID) {
        events[event] = organization
    }

    func complete() {
        isComplete = true
    }
}
