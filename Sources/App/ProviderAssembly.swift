import Foundation
import Meetings
import Outgoing
import Postgres
import Secrets
import Simulators
import Values

// How the meeting providers are put together.

extension Assembly {
    /// The installation's own accounts, and what those of organizations are reached with.
    func providers(
        _ simulators: SimulatorServer?, secretBox: SecretBox, database: Database
    ) async throws -> (MeetingProviders, OrganizationAdapters) {
        let client = OutgoingClient(reaching: .configured)
        var settings = settings
        var endpoints = ProviderEndpoints.official
        if settings.isDemo {
            let base: String
            if let simulators {
                base = "http://127.0.0.1:\(try await simulators.port)"
            } else {
                base = settings.simulatorsURL?.absoluteString ?? ""
            }
            settings.pointAtSimulators(base, credentials: simulators?.credentials ?? SimulatorCredentials())
            endpoints = .simulators(at: base)
        }
        guard let endpoints else {
            throw SettingsError(name: "CONVENE_SIMULATORS_URL", expectation: "an http or https address")
        }
        let adapters = OrganizationAdapters(
            database: database, secretBox: secretBox, endpoints: endpoints, client: client, clock: clock)
        var providers: [any MeetingProvider] = []
        if let account = settings.feishu {
            providers.append(
                Feishu(
                    FeishuSettings(
                        baseURL: account.baseURL, appID: account.appID, appSecret: account.appSecret,
                        ownerID: account.ownerID), client: client, clock: clock))
        }
        if let account = settings.zoom {
            providers.append(
                Zoom(
                    ZoomSettings(
                        baseURL: account.baseURL, tokenURL: account.tokenURL, accountID: account.accountID,
                        clientID: account.clientID, clientSecret: account.clientSecret, defaultHost: account.host),
                    client: client, clock: clock))
        }
        return (MeetingProviders(providers, accounts: adapters), adapters)
    }

    func accounts(
        _ providers: MeetingProviders, _ adapters: OrganizationAdapters, secretBox: SecretBox, database: Database
    ) -> ProviderAccounts {
        ProviderAccounts(
            database: database, adapters: adapters, secretBox: secretBox, installation: providers.names, clock: clock)
    }
}

extension Settings {
    fileprivate mutating func pointAtSimulators(_ base: String, credentials: SimulatorCredentials) {
        guard let zoomURL = URL(string: base + "/zoom/v2"), let tokenURL = URL(string: base + "/zoom/oauth/token"),
            let feishuURL = URL(string: base + "/feishu")
        else { return }
        zoom = ZoomAccount(
            baseURL: zoomURL, tokenURL: tokenURL, accountID: credentials.zoom.accountID,
            clientID: credentials.zoom.clientID, clientSecret: Secret(credentials.zoom.clientSecret), host: nil)
        feishu = FeishuAccount(
            baseURL: feishuURL, appID: credentials.feishu.appID, appSecret: Secret(credentials.feishu.appSecret),
            ownerID: credentials.feishu.ownerID)
    }
}
