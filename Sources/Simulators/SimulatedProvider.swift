import Foundation
import Hummingbird
import Values

/// A provider that is simulated here. All of one stands in its folder, and shares no code with Convene's adapter; the
/// server, the faults, the control interface and the webhooks are the same for all.
protocol SimulatedProvider: Sendable {
    /// The first part of its paths.
    var name: ProviderName { get }
    /// The account that it takes, with its secret, by the names that Convene's API gives the parts.
    var account: [String: String] { get }
    /// How long its access tokens live; `nil`: calls carry the account's secret itself.
    var tokenLifetime: Duration? { get }
    /// How long after a delivery that was not taken the next one follows.
    var retries: [Duration] { get }

    func add(to router: Router<SimulatorContext>, _ traffic: SimulatedTraffic)

    func meetings() async -> [ListedMeeting]

    /// Changes the meeting as the event has it.
    /// - Returns: the event as the provider words it; `nil` when there is no such meeting.
    func happen(_ event: MeetingEvent, in meeting: String, at moment: Date) async throws -> Data?

    func signed(_ body: Data, at now: Date) throws -> Webhook
}

enum SimulatedProviders {
    /// Each a folder of its own.
    static func all(_ clock: any WallClock) -> [any SimulatedProvider] {
        [ZoomSimulator(clock: clock), FeishuSimulator(clock: clock)]
    }
}

/// What a request does, as faults name it. Reads count as ``any`` alone.
package enum SimulatedOperation: String, Codable, Sendable {
    case token, create, update, cancel, any
}
