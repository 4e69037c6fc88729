import Foundation
import Meetings
import Outgoing
import Testing
import Values

@testable import Simulators

/// What every provider has to do, whoever it is.
@Suite struct ProviderTests {
    /// By name, those that give out access tokens and how long one lives.
    private static let tokenLifetimes = Dictionary(
        uniqueKeysWithValues: SimulatedProviders.all(SystemClock()).compactMap { provider in
            provider.tokenLifetime.map { (provider.name, $0) }
        })
    private static let tokenGivers = ProviderCatalog.all.map(\.name).filter { tokenLifetimes[$0] != nil }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `a created meeting can be joined and is listed`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let meeting = try await simulation.create(at: name)

            let listed = try #require(try await simulation.meetings(at: name).first)
            #expect(listed.meetingId == meeting.reference.id && listed.meetingNo == meeting.number)
            #expect(listed.topic == "Mock interview" && listed.status == "scheduled")
            #expect(meeting.joinURL.hasPrefix("https://") && meeting.joinURL.contains(meeting.number))
            #expect(meeting.passcode?.isEmpty != true)
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `after a lost answer it is unknown whether the meeting was made`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let provider = try simulation.provider(name)
            try await simulation.fault(#"{"operation": "create", "mode": "drop_after", "count": 1}"#)

            let outcome = await provider.create(simulation.request())

            guard case .unknown = outcome else { throw Unexpected(outcome) }
            #expect(try await simulation.meetings(at: name).count == 1)
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `a connection that closes before the work leaves it unknown too`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let provider = try simulation.provider(name)
            // A kept connection, over which a client could be tempted to try again by itself.
            _ = try await simulation.create(at: name)
            try await simulation.fault(#"{"operation": "create", "mode": "drop_before", "count": 1}"#)

            let outcome = await provider.create(simulation.request())

            guard case .unknown = outcome else { throw Unexpected(outcome) }
            #expect(try await simulation.meetings(at: name).count == 1)
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `too many requests a second are worth another try`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let provider = try simulation.provider(name)
            try await simulation.fault(#"{"operation": "create", "mode": "rate_limit", "retryAfterSeconds": 7}"#)

            let outcome = await provider.create(simulation.request())

            guard case .later(after: .seconds(7), _) = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `a server error leaves it unknown`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let provider = try simulation.provider(name)
            try await simulation.fault(#"{"mode": "error", "operation": "create", "status": 500}"#)

            let outcome = await provider.create(simulation.request())

            guard case .unknown = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `an answer that is too late leaves it unknown`(name: ProviderName) async throws {
        try await Simulation.run(limits: OutgoingLimits(total: .seconds(3))) { simulation in
            let provider = try simulation.provider(name)
            // The token is there already, so that only the create can be late.
            _ = await provider.create(simulation.request())
            try await simulation.fault(#"{"operation": "create", "mode": "slow", "delayMs": 60000}"#)

            let outcome = await provider.create(simulation.request())

            guard case .unknown = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test(arguments: tokenGivers)
    func `without a token nothing was made`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let provider = try simulation.provider(name)
            try await simulation.fault(#"{"operation": "token", "mode": "drop_after", "count": 1}"#)

            let outcome = await provider.create(simulation.request())

            guard case .later = outcome else { throw Unexpected(outcome) }
            #expect(try await simulation.meetings(at: name).isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: tokenGivers)
    func `who is to stop does not wait for a token`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let provider = try simulation.provider(name)
            try await simulation.fault(#"{"operation": "token", "mode": "slow", "delayMs": 3600000}"#)
            let request = simulation.request()
            let asking = Task { await provider.create(request) }
            while await simulation.tokenRequests(at: name) == 0 { await Task.yield() }

            asking.cancel()

            guard case .later(_, let reason) = await asking.value else { throw Unexpected(await asking.value) }
            let brokenOff = Explanation(CallReason.brokenOff)
            #expect(reason == Explanation(CallReason.noToken, ["reason": .reason(brokenOff)]))
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `nobody at the other end means that nothing was made`(name: ProviderName) async throws {
        var stopped: (any MeetingProvider)?
        var request: MeetingRequest?
        try await Simulation.run { simulation in
            stopped = try simulation.provider(name)
            request = simulation.request()
            await simulation.stop()
        }

        let outcome = try await #require(stopped).create(try #require(request))

        guard case .later = outcome else { throw Unexpected(outcome) }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `a meeting changes its topic`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let provider = try simulation.provider(name)
            let meeting = try await simulation.create(at: name)

            let outcome = await provider.update(meeting.reference, to: simulation.request(topic: "Essay review"))

            #expect(outcome == .done)
            #expect(try await simulation.meetings(at: name).map(\.topic) == ["Essay review"])
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `cancelling twice is done twice`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let provider = try simulation.provider(name)
            let meeting = try await simulation.create(at: name)

            #expect(await provider.cancel(meeting.reference) == .done)
            #expect(await provider.cancel(meeting.reference) == .done)

            #expect(try await simulation.meetings(at: name).map(\.status) == ["cancelled"])
            #expect(await provider.update(meeting.reference, to: simulation.request()) == .gone)
        }
    }

    @Test(arguments: tokenGivers)
    func `a token that the provider no longer takes is replaced once`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            _ = try await simulation.create(at: name)
            simulation.theirClock.move(by: .hours(3))

            _ = try await simulation.create(at: name)

            #expect(await simulation.tokenRequests(at: name) == 2)
        }
    }

    @Test(arguments: tokenGivers)
    func `a token is replaced before it expires`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            let life = try #require(Self.tokenLifetimes[name])
            _ = try await simulation.create(at: name)
            simulation.clock.move(by: life - .minutes(4))
            _ = try await simulation.create(at: name)
            #expect(await simulation.tokenRequests(at: name) == 1)

            simulation.clock.move(by: .minutes(3))
            _ = try await simulation.create(at: name)

            #expect(await simulation.tokenRequests(at: name) == 2)
        }
    }

    @Test(arguments: tokenGivers)
    func `calls at the same time fetch one token`(name: ProviderName) async throws {
        try await Simulation.run { simulation in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...20 { group.addTask { _ = try await simulation.create(at: name) } }
                try await group.waitForAll()
            }

            #expect(await simulation.tokenRequests(at: name) == 1)
            #expect(try await simulation.meetings(at: name).count == 20)
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `wrong credentials are refused`(name: ProviderName) async throws {
        try await Simulation.run(wrongSecrets: true) { simulation in
            let outcome = try await simulation.provider(name).create(simulation.request())

            guard case .refused(code: "provider_credentials", _) = outcome else { throw Unexpected(outcome) }
        }
    }
}

struct Unexpected<Outcome: Sendable>: Error {
    let outcome: Outcome
    init(_ outcome: Outcome) { self.outcome = outcome }
}
