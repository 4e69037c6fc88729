import Foundation
import Meetings
import Testing
import Values

/// What is Zoom's alone.
@Suite struct ZoomTests {
    @Test func `a meeting whose answer was lost is found by its tag`() async throws {
        try await Simulation.run { simulation in
            let zoom = try simulation.provider(.zoom)
            try await simulation.fault(#"{"operation": "create", "mode": "drop_after", "count": 1}"#)
            _ = await zoom.create(simulation.request("cv:test:lost:1"))

            let outcome = await zoom.find(simulation.request("cv:test:lost:1"))

            guard case .found(let found) = outcome, let meeting = found.first else { throw Unexpected(outcome) }
            #expect(found.count == 1)
            let listed = try #require(try await simulation.meetings(at: .zoom).first)
            #expect(meeting.reference == MeetingReference(id: listed.meetingId, host: "host@example.test"))
            #expect(meeting.passcode != nil)
        }
    }

    @Test func `a tag is found on a later page, and another tag that begins alike is not`() async throws {
        try await Simulation.run { simulation in
            let zoom = try simulation.provider(.zoom)
            for number in 10...319 { _ = await zoom.create(simulation.request("cv:test:s:\(number)")) }
            let last = try #require(try await simulation.meetings(at: .zoom).last)

            let found = await zoom.find(simulation.request("cv:test:s:319"))
            let absent = await zoom.find(simulation.request("cv:test:s:1"))

            guard case .found(let meetings) = found else { throw Unexpected(found) }
            #expect(meetings.map(\.number) == [last.meetingNo])
            #expect(absent == .absent)
        }
    }

    @Test func `every meeting with the tag is found`() async throws {
        try await Simulation.run { simulation in
            let zoom = try simulation.provider(.zoom)
            for _ in 1...2 { _ = await zoom.create(simulation.request()) }
            let listed = try await simulation.meetings(at: .zoom).map(\.meetingNo)

            let outcome = await zoom.find(simulation.request())

            guard case .found(let meetings) = outcome else { throw Unexpected(outcome) }
            #expect(meetings.count == 2 && Set(meetings.map(\.number)) == Set(listed))
        }
    }

    @Test func `a search that fails does not say that there is no meeting`() async throws {
        try await Simulation.run { simulation in
            try await simulation.fault(#"{"provider": "zoom", "operation": "any", "mode": "error", "status": 503}"#)

            let outcome = try await simulation.provider(.zoom).find(simulation.request())

            guard case .unknown = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a day's requests that are used up refuse the next`() async throws {
        try await Simulation.run(zoomDailyLimit: 1) { simulation in
            let zoom = try simulation.provider(.zoom)
            _ = try await simulation.create(at: .zoom)

            let outcome = await zoom.create(simulation.request())

            guard case .refused(code: "provider_daily_limit", _) = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `a fault can use up the day, until the faults are cleared`() async throws {
        try await Simulation.run { simulation in
            try await simulation.fault(#"{"provider": "zoom", "operation": "create", "mode": "daily_limit"}"#)

            let outcome = try await simulation.provider(.zoom).create(simulation.request())
            try await simulation.clearFaults()

            guard case .refused(code: "provider_daily_limit", _) = outcome else { throw Unexpected(outcome) }
            _ = try await simulation.create(at: .zoom)
        }
    }

    @Test func `a meeting that is over before it is made is refused with Zoom's code`() async throws {
        try await Simulation.run { simulation in
            simulation.theirClock.move(by: .hours(48))

            let outcome = try await simulation.provider(.zoom).create(simulation.request())

            guard case .refused(code: "zoom_300", _) = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test func `start and length arrive, and a host's address may hold anything`() async throws {
        try await Simulation.run { simulation in
            let zoom = try simulation.provider(.zoom)
            let request = simulation.request(host: "a/b+c %?@example.test")

            guard case .created = await zoom.create(request) else { throw Unexpected("not created") }

            let listed = try #require(try await simulation.meetings(at: .zoom).first)
            #expect(listed.startTime == RFC3339.text(from: request.time.start))
            #expect(listed.durationMinutes == 60)
            guard case .found = await zoom.find(request) else { throw Unexpected("not found") }
        }
    }

    @Test(arguments: [
        (404, #"{"code": 3001, "message": "Meeting does not exist: 1."}"#, true),
        (400, #"{"code": 3001, "message": "Meeting does not exist: 1."}"#, true), (404, "", true),
        (404, #"{"code": 1001, "message": "User does not exist: x."}"#, false), (403, "", false),
    ])
    func `a meeting is gone when Zoom says so, and not when it misses the host`(
        status: Int, body: String, isGone: Bool
    ) async throws {
        struct Fault: Encodable {
            let provider = "zoom", operation = "cancel", mode = "answer"
            let status: Int
            let body: String
        }
        try await Simulation.run { simulation in
            let meeting = try await simulation.create(at: .zoom)
            let fault = try JSONEncoder().encode(Fault(status: status, body: body))
            try await simulation.fault(String(decoding: fault, as: UTF8.self))

            let outcome = await (try simulation.provider(.zoom)).cancel(meeting.reference)

            #expect((outcome == .done) == isGone, "\(outcome)")
        }
    }
}
