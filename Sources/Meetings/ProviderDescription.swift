package import Outgoing
package import Secrets
package import Values

/// What a provider says of itself. Settings, accounts, the API and the pages are made from it, and know no provider.
package struct ProviderDescription: Sendable {
    package let name: ProviderName
    /// The heading of its account.
    package let title: String
    /// What kind of account it takes: a sentence.
    package let introduction: String
    package let reconciliation: Reconciliation
    /// What an account is, without its secret.
    package let fields: [AccountField]
    package let secret: AccountField
    package let endpoints: [ProviderEndpoint]
    private let adapter: @Sendable (AccountSettings, Secret, ProviderConnection) throws -> any MeetingProvider

    /// - Parameter connect: an adapter with one account, which is read from the fields by their names.
    init<Account: Decodable & Sendable>(
        _ name: ProviderName, title: String, introduction: String, reconciliation: Reconciliation,
        fields: [AccountField], secret: AccountField, endpoints: [ProviderEndpoint],
        connect: @escaping @Sendable (Account, Secret, ProviderConnection) -> any MeetingProvider
    ) {
        self.name = name
        self.title = title
        self.introduction = introduction
        self.reconciliation = reconciliation
        self.fields = fields
        self.secret = secret
        self.endpoints = endpoints
        adapter = { connect(try $0.read(as: Account.self), $1, $2) }
    }

    /// - Throws: `DecodingError` when the settings are not an account of this provider.
    package func connect(
        _ settings: AccountSettings, _ secret: Secret, over connection: ProviderConnection
    ) throws -> any MeetingProvider {
        try adapter(settings, secret, connection)
    }

    /// The environment variable of a field: `CONVENE_ZOOM_ACCOUNT_ID` of Zoom's `accountId`.
    package func variable(for field: AccountField) -> String {
        let words = field.name.map { $0.isUppercase ? "_\($0)" : $0.uppercased() }.joined()
        return "CONVENE_\(name.rawValue.uppercased())_\(words)"
    }
}

/// How providers are reached, whichever they are.
package struct ProviderConnection: Sendable {
    package var endpoints: ProviderEndpoints
    package let client: OutgoingClient
    package let clock: any WallClock

    /// - Parameter client: one that may reach `endpoints`: ``Outgoing/AddressPolicy/configured``.
    package init(endpoints: ProviderEndpoints, client: OutgoingClient, clock: any WallClock) {
        self.endpoints = endpoints
        self.client = client
        self.clock = clock
    }
}
