import Foundation
import Meetings
import Testing
import Values

/// What is Feishu's alone.
@Suite struct FeishuTests {
    @Test func `a search never says that there is no meeting`() async throws {
        try await Simulation.run { simulation in
            let outcome = try await simulation.provider(.feishu).find(simulation.request())

            guard case .unknown = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a number is kept until an hour after the meeting`() async throws {
        try await Simulation.run { simulation in
            let request = simulation.request()

            let meeting = try await simulation.create(at: .feishu)

            #expect(meeting.expiresAt == request.time.end.advanced(by: .hours(1)))
            #expect(meeting.expiresAt == (try simulation.provider(.feishu)).expiry(of: request))
        }
    }

    @Test func `a meeting far ahead is reserved for nearly 30 days and renewed`() async throws {
        try await Simulation.run { simulation in
            let feishu = try simulation.provider(.feishu)
            var request = simulation.request()
            request.time = TimeRange(start: simulation.clock.now.advanced(by: .hours(24 * 40)), duration: .hours(1))
            guard case .created(let meeting) = await feishu.create(request) else { throw Unexpected("not created") }
            let first = try #require(meeting.expiresAt)
            #expect(first == simulation.clock.now.advanced(by: .hours(24 * 30 - 1)))

            for clock in [simulation.clock, simulation.theirClock] { clock.move(by: .hours(24 * 20)) }
            #expect(await feishu.update(meeting.reference, to: request) == .done)

            #expect(feishu.expiry(of: request) == request.time.end.advanced(by: .hours(1)))
        }
    }

    @Test func `a rate limit is known by its code under HTTP 400 too`() async throws {
        try await Simulation.run { simulation in
            try await simulation.fault(#"{"operation": "token", "mode": "rate_limit", "retryAfterSeconds": 7}"#)

            let outcome = try await simulation.provider(.feishu).create(simulation.request())

            guard case .later(after: .seconds(7), _) = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a reservation of somebody else is refused with Feishu's code`() async throws {
        try await Simulation.run { simulation in
            let outcome = try await simulation.provider(.feishu).cancel(MeetingReference(id: "7350000000000000001"))

            guard case .refused(code: "feishu_121005", _) = outcome else { throw Unexpected(outcome) }
        }
    }
}
