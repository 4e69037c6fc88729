import Foundation
import Postgres
import TestSupport
import Testing
import Values

@testable import Durable

@Suite struct SagasTests {
    private struct Lane: Decodable, Equatable { let lane: String }

    /// Due sagas without organizations or sessions: only the claims are looked at.
    private func add(_ count: Int, in lane: String, deadline: String = "15 minutes", to database: TestDatabase)
        async throws
    {
        try await database.owner.run(
            """
            INSERT INTO sagas (id, organization_id, kind, state, document, run_at, lane, deadline)
            SELECT gen_random_uuid(), gen_random_uuid(), 'test', 'meeting_pending', '{}',
                   now() - number * interval '1 second', \(lane), now() + \(deadline)::interval
            FROM generate_series(1, \(count)) AS number
            """)
    }

    private func claim(
        _ rooms: [Sagas.Room], usual: Int, limit: Int, in database: TestDatabase
    ) async throws -> [String: Int] {
        let claims = try await database.worker.rows(
            Sagas.claim(kinds: ["test"], rooms: rooms, usual: usual, limit: limit), as: Sagas.Claim.self)
        return Dictionary(claims.map { ($0.lane, 1) }, uniquingKeysWith: +)
    }

    @Test func `who waits for one account stands in nobody else's way`() async throws {
        try await withDatabase { database in
            try await add(400, in: "zoom", to: database)
            try await add(3, in: "feishu", to: database)
            try await add(3, in: "zoom/one", to: database)

            #expect(
                try await claim([], usual: 4, limit: 64, in: database) == ["zoom": 4, "feishu": 3, "zoom/one": 3])
        }
    }

    @Test func `where there is room for few, each account has its turn`() async throws {
        try await withDatabase { database in
            for lane in ["a", "b", "c"] { try await add(50, in: lane, to: database) }

            #expect(try await claim([], usual: 32, limit: 6, in: database) == ["a": 2, "b": 2, "c": 2])
        }
    }

    @Test func `an account without room is left alone, but for what is to be given up`() async throws {
        try await withDatabase { database in
            try await add(50, in: "zoom", to: database)
            try await add(2, in: "zoom", deadline: "-1 second", to: database)
            try await add(1, in: "feishu", to: database)
            let rooms = [Sagas.Room(lane: "zoom", count: 0)]

            #expect(try await claim(rooms, usual: 32, limit: 64, in: database) == ["zoom": 2, "feishu": 1])
            #expect(try await claim(rooms, usual: 32, limit: 64, in: database) == [:])
        }
    }

    @Test func `a breaker opens after five calls without an answer, and one call finds out whether it may close`() {
        var breaker = Breaker()
        let start = Date(timeIntervalSince1970: 1_788_771_600)
        for number in 1...4 {
            breaker.wentUnanswered(at: start)
            #expect(breaker.room(of: 32, busy: 10, at: start) == 22, "after \(number)")
        }
        breaker.wentUnanswered(at: start)
        #expect(breaker.room(of: 32, busy: 10, at: start.advanced(by: .seconds(29))) == 0)

        let later = start.advanced(by: .seconds(30))
        #expect(breaker.room(of: 32, busy: 0, at: later) == 1)
        #expect(breaker.room(of: 32, busy: 1, at: later) == 0)
        breaker.wentUnanswered(at: later)
        #expect(breaker.room(of: 32, busy: 0, at: later.advanced(by: .seconds(29))) == 0)
        breaker.answered()
        #expect(breaker.room(of: 32, busy: 0, at: later) == 32)
    }

    @Test func `one answer between them keeps a breaker closed`() {
        var breaker = Breaker()
        let start = Date(timeIntervalSince1970: 1_788_771_600)
        for _ in 1...4 { breaker.wentUnanswered(at: start) }
        breaker.answered()
        for _ in 1...4 { breaker.wentUnanswered(at: start) }
        #expect(breaker.room(of: 32, busy: 0, at: start) == 32)
    }

    @Test func `a clock that was set back by a year does not keep a breaker open`() {
        var breaker = Breaker()
        let start = Date(timeIntervalSince1970: 1_788_771_600)
        for _ in 1...5 { breaker.wentUnanswered(at: start) }
        #expect(breaker.room(of: 32, busy: 0, at: start.advanced(by: .hours(-24 * 365))) == 1)
    }
}
