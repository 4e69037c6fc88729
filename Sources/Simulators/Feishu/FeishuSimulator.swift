import Foundation
import Hummingbird
import Values

/// Feishu, as one tenant of it sees it.
struct FeishuSimulator: SimulatedProvider {
    /// What it accepts, and with what it signs. The defaults are those of the published test vectors.
    struct Credentials: Sendable {
        var appID = "cli_demo"
        var appSecret = "secret_demo"
        var ownerID = "ou_owner_demo"
        var verificationToken = "vt_demo_0001"
        /// `nil`: events are sent in the clear and unsigned, as Feishu does without a key.
        var encryptKey: String? = "kT7-demo-encrypt-key"
    }

    let name = ProviderName.feishu
    let credentials: Credentials
    private let events: FeishuEvents
    private let state = SimulatedState(FeishuState())
    private let clock: any WallClock

    init(_ credentials: Credentials = Credentials(), clock: any WallClock) {
        self.credentials = credentials
        self.clock = clock
        events = FeishuEvents(credentials: credentials)
    }

    var account: [String: String] {
        [
            "region": "feishu", "appId": credentials.appID, "ownerId": credentials.ownerID,
            "appSecret": credentials.appSecret,
        ]
    }

    var tokenLifetime: Duration? { .seconds(FeishuState.tokenSeconds) }
    var retries: [Duration] { FeishuEvents.retries }

    func add(to router: Router<SimulatorContext>, _ traffic: SimulatedTraffic) {
        FeishuRoutes(state: state, traffic: traffic, clock: clock, credentials: credentials).add(to: router)
    }

    func meetings() async -> [ListedMeeting] { await state { $0.listedMeetings } }

    func happen(_ event: MeetingEvent, in meeting: String, at moment: Date) async throws -> Data? {
        let reservation = await state { feishu -> FeishuState.Reservation? in
            if event.type == .started { feishu.start(meeting, at: moment) }
            if event.type == .ended { feishu.end(meeting) }
            return feishu.reservations[meeting]
        }
        return try reservation.map { try events.body(of: event, in: $0, at: moment) }
    }

    func signed(_ body: Data, at now: Date) throws -> Webhook { try events.signed(body, at: now) }
}
