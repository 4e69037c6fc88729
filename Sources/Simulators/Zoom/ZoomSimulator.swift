import Foundation
import Hummingbird
import Values

/// Zoom, as one account of it sees it.
struct ZoomSimulator: SimulatedProvider {
    /// What it accepts, and with what it signs. The defaults are those of the published test vectors.
    struct Credentials: Sendable {
        var accountID = "acc_demo"
        var clientID = "client_demo"
        var clientSecret = "secret_demo"
        /// The key of `x-zm-signature`.
        var webhookSecret = "zoomWebhookSecretDemo01"
    }

    let name = ProviderName.zoom
    let credentials: Credentials
    let events: ZoomEvents
    private let state: SimulatedState<ZoomState>
    private let clock: any WallClock

    /// - Parameter dailyLimit: creates and updates of one host in one day. Zoom's own is 100; `nil` lifts it.
    init(_ credentials: Credentials = Credentials(), dailyLimit: Int? = nil, clock: any WallClock) {
        self.credentials = credentials
        self.clock = clock
        events = ZoomEvents(credentials: credentials)
        state = SimulatedState(ZoomState(credentials: credentials, dailyLimit: dailyLimit))
    }

    var account: [String: String] {
        [
            "accountId": credentials.accountID, "clientId": credentials.clientID,
            "clientSecret": credentials.clientSecret,
        ]
    }

    var tokenLifetime: Duration? { .seconds(ZoomState.tokenSeconds) }
    var retries: [Duration] { ZoomEvents.retries }

    func add(to router: Router<SimulatorContext>, _ traffic: SimulatedTraffic) {
        ZoomRoutes(state: state, traffic: traffic, clock: clock, credentials: credentials).add(to: router)
    }

    func meetings() async -> [ListedMeeting] { await state { $0.listedMeetings } }

    func happen(_ event: MeetingEvent, in meeting: String, at moment: Date) async throws -> Data? {
        let found = await state { zoom -> ZoomState.Meeting? in
            guard let number = Int64(meeting) else { return nil }
            if event.type == .started { zoom.start(number) }
            if event.type == .ended { zoom.end(number) }
            return zoom.meetings[number]
        }
        return try found.map { try events.body(of: event, in: $0, at: moment) }
    }

    func signed(_ body: Data, at now: Date) -> Webhook { events.signed(body, at: now) }
}
