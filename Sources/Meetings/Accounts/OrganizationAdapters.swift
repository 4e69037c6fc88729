import Foundation
package import Postgres
package import Secrets
import Values

/// The adapters of organizations' own accounts. Each keeps an access token, so it is kept too, until the account is
/// changed; this is the one place where such a secret is opened.
package actor OrganizationAdapters {
    private struct Account: Hashable {
        let organization: OrganizationID
        let provider: ProviderName
    }

    private struct Adapter {
        let version: Int64
        let provider: any MeetingProvider
    }

    private let database: Database
    private let secretBox: SecretBox
    private let connection: ProviderConnection
    private var kept: [Account: Adapter] = [:]

    /// - Parameter database: as `convene_worker`, who alone may read the secrets.
    package init(database: Database, secretBox: SecretBox, connection: ProviderConnection) {
        self.database = database
        self.secretBox = secretBox
        self.connection = connection
    }

    /// Asks the database only for a version that is newer than the adapter that is kept, and remembers no more than
    /// one for each account. An account that cannot be opened is tried anew each time: a key may come back.
    /// - Parameter version: as last read. Versions rise, so an adapter of a newer one is as good.
    /// - Returns: `nil` when the organization has no account of its own.
    func provider(
        _ name: ProviderName, of organization: OrganizationID, version: Int64?
    ) async throws(PostgresError) -> (any MeetingProvider)? {
        let account = Account(organization: organization, provider: name)
        guard let version else {
            kept[account] = nil
            return nil
        }
        if let adapter = kept[account], adapter.version >= version { return adapter.provider }
        guard let row = try await row(of: account) else {
            kept[account] = nil
            return nil
        }
        // Another call may have been here meanwhile; everybody shares its adapter, and with it the token.
        if let adapter = kept[account], adapter.version >= row.version { return adapter.provider }
        do {
            let adapter = try adapter(from: row, of: account)
            kept[account] = Adapter(version: row.version, provider: adapter)
            return adapter
        } catch {
            kept[account] = nil
            return unreadable(name)
        }
    }

    /// With the account as it is now, and without a token from before.
    /// - Returns: `nil` when the organization has no account of its own.
    func fresh(
        _ name: ProviderName, of organization: OrganizationID
    ) async throws(PostgresError) -> (version: Int64, provider: any MeetingProvider)? {
        let account = Account(organization: organization, provider: name)
        guard let row = try await row(of: account) else { return nil }
        do { return (row.version, try adapter(from: row, of: account)) } catch {
            return (row.version, unreadable(name))
        }
    }

    private struct Row: Decodable, Sendable {
        let version: Int64
        let settings: Data
        let secret: Data
    }

    private func row(of account: Account) async throws(PostgresError) -> Row? {
        try await database.row(
            """
            SELECT version, settings, secret FROM provider_credentials
            WHERE organization_id = \(account.organization) AND provider = \(account.provider)
            """, as: Row.self)
    }

    private func adapter(from row: Row, of account: Account) throws -> any MeetingProvider {
        let secret = try secretBox.openText(row.secret, for: ProviderAccounts.context(of: account.organization))
        guard let provider = ProviderCatalog[account.provider] else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "nobody knows this provider"))
        }
        return try provider.connect(AccountSettings(row.settings, at: provider), secret, over: connection)
    }

    private func unreadable(_ name: ProviderName) -> any MeetingProvider {
        RefusingProvider(
            name: name, reconciliation: ProviderCatalog[name]?.reconciliation ?? .blind,
            code: "provider_credentials_unreadable",
            reason: Explanation(CallReason.credentialsUnreadable))
    }
}
