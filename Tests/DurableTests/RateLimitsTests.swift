import Access
import Durable
import Foundation
import TestSupport
import Testing
import Values

@Suite struct RateLimitsTests {
    private let clock = TestClock(now: Date(timeIntervalSince1970: 1_788_771_600))

    @Test func `what is used up fills again with time, and never beyond its capacity`() async throws {
        try await withDatabase { database in
            let limits = RateLimits(database: database.app, clock: clock)
            let limit = RateLimit("test/a", 2, refill: .seconds(30))

            for _ in 0..<2 { try await limits.spend(limit) }
            await #expect(throws: RateLimitReached(wait: .seconds(30))) { try await limits.spend(limit) }
            try await limits.spend(RateLimit("test/b", 1, refill: .seconds(30)))

            clock.advance(by: .minutes(10))
            for _ in 0..<2 { try await limits.spend(limit) }
            await #expect(throws: RateLimitReached(wait: .seconds(30))) { try await limits.spend(limit) }
        }
    }

    @Test func `what was right is given back`() async throws {
        try await withDatabase { database in
            let limits = RateLimits(database: database.app, clock: clock)
            let limit = RateLimit("test/a", 1, refill: .hours(1))

            for _ in 0..<3 {
                try await limits.spend(limit)
                try await limits.refund(limit)
            }
        }
    }
}
