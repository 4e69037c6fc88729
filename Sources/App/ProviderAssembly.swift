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
        var connection = ProviderConnection(
            endpoints: .official, client: OutgoingClient(reaching: .configured), clock: clock)
        var accounts = settings.providerAccounts
        if settings.isDemo, let base = try await simulatorsURL(simulators) {
            connection.endpoints = .simulators(at: base)
            accounts = Self.simulatedAccounts(at: connection.endpoints)
        }
        let adapters = OrganizationAdapters(database: database, secretBox: secretBox, connection: connection)
        let providers = try accounts.map { account in
            connection.endpoints = account.endpoints
            return try account.settings.provider.connect(account.settings, account.secret, over: connection)
        }
        return (MeetingProviders(providers, accounts: adapters), adapters)
    }

    private func simulatorsURL(_ simulators: SimulatorServer?) async throws -> URL? {
        if let url = settings.simulatorsURL { return url }
        guard let port = try await simulators?.port else { return nil }
        return URL(string: "http://127.0.0.1:\(port)")
    }

    private static func simulatedAccounts(at endpoints: ProviderEndpoints) -> [Settings.ProviderAccount] {
        ProviderCatalog.all.compactMap { provider in
            guard let account = SimulatorServer.accounts[provider.name], let secret = account[provider.secret.name]
            else { return nil }
            return Settings.ProviderAccount(
                settings: AccountSettings(at: provider, account), secret: Secret(secret), endpoints: endpoints)
        }
    }

    func accounts(
        _ providers: MeetingProviders, _ adapters: OrganizationAdapters, secretBox: SecretBox, database: Database
    ) -> ProviderAccounts {
        ProviderAccounts(
            database: database, adapters: adapters, secretBox: secretBox, installation: providers.names, clock: clock)
    }
}
