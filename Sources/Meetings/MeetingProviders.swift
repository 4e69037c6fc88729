package import Postgres
package import Values

/// Whom a meeting can be held at: the installation's own accounts, and those that organizations have set for
/// themselves. An organization's own goes before the installation's.
package struct MeetingProviders: Sendable {
    private let installation: [ProviderName: any MeetingProvider]
    private let accounts: OrganizationAdapters?

    /// - Parameters:
    ///   - installation: with the installation's accounts.
    ///   - accounts: `nil`: organizations have none of their own.
    package init(_ installation: [any MeetingProvider], accounts: OrganizationAdapters? = nil) {
        self.installation = Dictionary(installation.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        self.accounts = accounts
    }

    /// With the installation's own account; `nil` when there is none.
    package subscript(name: ProviderName) -> (any MeetingProvider)? { installation[name] }

    /// Those with an account of the installation, in the order in which they are offered.
    package var names: [ProviderName] { ProviderName.allCases.filter { installation[$0] != nil } }

    /// `nil`: nobody can have an account with it.
    package func reconciliation(at name: ProviderName) -> Reconciliation? {
        installation[name]?.reconciliation ?? (accounts == nil ? nil : ProviderCatalog[name]?.reconciliation)
    }

    /// What refuses a transaction with ``noAccount`` when the organization that it acts in has no account to hold a
    /// meeting at; `nil` where the installation's own account makes it unnecessary to ask.
    package func requireAccount(at name: ProviderName) -> SQL? {
        guard installation[name] == nil else { return nil }
        return """
            SELECT refuse(\(Self.noAccount)) WHERE NOT EXISTS (
                SELECT FROM provider_credentials WHERE organization_id = app_org_id() AND provider = \(name))
            """
    }

    package static let noAccount = "no_provider_account"

    /// The provider as an organization uses it. One that cannot be used refuses everything, and says why.
    ///
    /// A meeting is changed and cancelled with the account of that moment. Should the organization have changed to
    /// another one since it was made, the new one may not know it, which counts as cancelled: who takes an account away
    /// answers for what is left in it.
    /// - Parameter version: of the organization's own account, as it was read with the row that is at hand; `nil`: it
    ///   has none.
    /// - Throws: `PostgresError`, so ask before an intent is written.
    package func provider(
        _ name: ProviderName, of organization: OrganizationID, version: Int64?
    ) async throws(PostgresError) -> any MeetingProvider {
        if let own = try await accounts?.provider(name, of: organization, version: version) { return own }
        return installation[name]
            ?? RefusingProvider(
                name: name, reconciliation: reconciliation(at: name) ?? .blind, code: "provider_unavailable",
                reason: Explanation(CallReason.noAccount))
    }
}
