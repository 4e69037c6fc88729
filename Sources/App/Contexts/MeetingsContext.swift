import Durable
import Foundation
import Meetings
import Outgoing
import Secrets
import Simulators

/// The meeting providers.
struct MeetingsContext: BoundedContext {
    /// By the installation's own accounts, or by those of organizations.
    let providers: MeetingProviders
    let accounts: ProviderAccounts

    /// - Parameter simulators: where they are that stand for the providers; `nil`: the providers themselves are asked.
    init(_ dependencies: Dependencies, simulators: URL?) throws {
        var connection = ProviderConnection(
            endpoints: .official, client: OutgoingClient(reaching: .configured), clock: dependencies.clock)
        var installation = dependencies.settings.providerAccounts
        if let simulators {
            connection.endpoints = .simulators(at: simulators)
            // Outside a demo organizations begin without a video service, as they do with the real ones.
            if dependencies.settings.isDemo { installation = Self.simulatedAccounts(at: connection.endpoints) }
        }
        let adapters = OrganizationAdapters(
            database: dependencies.background.database, secretBox: dependencies.secretBox, connection: connection)
        providers = MeetingProviders(
            try installation.map { account in
                connection.endpoints = account.endpoints
                return try account.settings.provider.connect(account.settings, account.secret, over: connection)
            }, accounts: adapters)
        accounts = ProviderAccounts(
            database: dependencies.requests, adapters: adapters, secretBox: dependencies.secretBox,
            installation: providers.names, clock: dependencies.clock)
    }

    private static func simulatedAccounts(at endpoints: ProviderEndpoints) -> [Settings.ProviderAccount] {
        ProviderCatalog.all.compactMap { provider in
            guard let account = SimulatorServer.accounts[provider.name], let secret = account[provider.secret.name]
            else { return nil }
            return Settings.ProviderAccount(
                settings: AccountSettings(at: provider, account), secret: Secret(secret), endpoints: endpoints)
        }
    }
}
