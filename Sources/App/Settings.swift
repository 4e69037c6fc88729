package import Foundation
import Identity
import Meetings
import Outgoing
package import Secrets
package import Values

/// Everything that can be set, read once at the start: flag over environment over default. Secrets come by
/// environment or file only.
package struct Settings: Sendable {
    package var host: String
    package var port: Int
    /// Where the private PostgreSQL and the keys live.
    package var dataFolder: String
    /// `nil`: a private PostgreSQL in ``dataFolder``.
    package var databaseURL: String?
    /// How requests and background work log in; `nil`: as at ``databaseURL``, with passwords that the owner sets.
    var databaseLoginURLs: (app: String, worker: String)?
    /// For requests. See ``connectionsInAll``.
    package var databaseConnections: Int
    package var roles: Set<ProcessRole>
    package var isDemo: Bool
    /// Whether a demo begins with four weeks of sessions, or with its people alone.
    package var demoHasSessions: Bool
    /// Simulators that run elsewhere; `nil` with ``isDemo``: in this process.
    package var simulatorsURL: URL?
    /// How browsers reach us; decides whether cookies are kept to https.
    package var publicURL: URL?
    /// Whose `X-Forwarded-For` is believed.
    package var trustedProxies: [IPNetwork]
    /// Sites whose scripts may read the API's answers.
    package var allowedOrigins: Set<String>
    /// What one address, and one person, may ask for ever; a hundred times as much at once. 0: no limit.
    package var requestsPerSecond: Int
    /// How many connections may stand, as far as the system's limit on descriptors allows.
    package var connections: Int
    /// From one address; 0: no limit.
    package var connectionsPerAddress: Int
    /// Event streams of one person; 0: no limit.
    package var streamsPerPerson: Int
    /// What opens `/metrics`; `nil`: only programs on this machine may read it.
    package var metricsToken: Secret?
    /// Whether anybody may found an organization, or only super admins.
    package var isOpenToAll: Bool
    /// Tells installations apart that share a provider's account.
    package var environment: String
    package var logLevel: String
    /// 32 bytes or more, base64; `nil`: kept in the data folder.
    package var signingKey: Data?
    /// A password a line, those that everybody tries.
    package var commonPasswordsPath: String
    /// `nil`: kept in the data folder, where `convene rotate-keys` changes them.
    package var encryptionKeys: KeyRing?
    /// `nil`: no mails are sent.
    var mail: MailAccount?
    /// The installation's own accounts at the meeting providers.
    var providerAccounts: [ProviderAccount]
    /// With whom people may sign in, in the order of their buttons.
    package var openID: [OpenIDAccount]

    /// What one process does of the whole.
    package enum ProcessRole: String, Sendable, CaseIterable { case web, worker }

    /// An account at a provider, and where it is reached.
    struct ProviderAccount: Sendable {
        let settings: AccountSettings, secret: Secret, endpoints: ProviderEndpoints
    }

    /// Where mails are handed over, and whom they come from.
    struct MailAccount: Sendable {
        let server: MailServer, sender: MailAddress
    }

    /// What an OpenID Connect issuer knows us by.
    package struct OpenIDAccount: Sendable {
        let slug: String, name: String, issuer: String, clientID: String, clientSecret: Secret?
    }
}

/// A setting that cannot be used. The description names it, and not its value.
package struct SettingsError: Error, CustomStringConvertible {
    let name: String
    let expectation: String
    package var description: String { "\(name) must be \(expectation)." }
}

extension Settings {
    /// - Parameter flags: by the names of the environment variables that they stand for.
    /// - Throws: ``SettingsError``
    package init(flags: [String: String]) throws {
        let source = SettingsSource(flags: flags)
        host = try source.host("CONVENE_HOST") ?? "127.0.0.1"
        port = try source.number("CONVENE_PORT", in: 0...65535) ?? 8080
        isDemo = try source.flag("CONVENE_DEMO") ?? false
        demoHasSessions = try source.choice("CONVENE_DEMO_SESSIONS", of: ["four-weeks": true, "none": false]) ?? true
        dataFolder = source.text("CONVENE_DATA_DIR") ?? Self.defaultDataFolder(isDemo: isDemo)
        databaseURL = try source.databaseURL()
        databaseLoginURLs = try source.databaseLoginURLs()
        databaseConnections = try source.number("CONVENE_DATABASE_CONNECTIONS", in: 2...500) ?? 16
        roles = try source.roles()
        simulatorsURL = try source.url("CONVENE_SIMULATORS_URL")
        publicURL = try source.site("CONVENE_PUBLIC_URL")
        trustedProxies = try source.networks("CONVENE_TRUSTED_PROXIES")
        allowedOrigins = try source.origins("CONVENE_ALLOWED_ORIGINS")
        requestsPerSecond = try source.number("CONVENE_REQUESTS_PER_SECOND", in: 0...100_000) ?? 200
        connections = try source.number("CONVENE_CONNECTIONS", in: 16...1_000_000) ?? 20_000
        connectionsPerAddress = try source.number("CONVENE_CONNECTIONS_PER_ADDRESS", in: 0...1_000_000) ?? 256
        streamsPerPerson = try source.number("CONVENE_STREAMS_PER_PERSON", in: 0...1_000_000) ?? 30
        metricsToken = try source.metricsToken()
        isOpenToAll = try source.choice("CONVENE_SIGN_UP", of: ["invited": false, "open": true]) ?? isDemo
        environment = try source.line("CONVENE_ENVIRONMENT", longest: 50) ?? (isDemo ? "demo" : "production")
        logLevel = source.text("CONVENE_LOG_LEVEL") ?? "info"
        signingKey = try source.key("CONVENE_SIGNING_KEY")
        encryptionKeys = try source.keyRing("CONVENE_ENCRYPTION_KEY")
        commonPasswordsPath = source.text("CONVENE_COMMON_PASSWORDS") ?? "/usr/share/john/password.lst"
        mail = try source.mail(demoFolder: isDemo ? dataFolder + "/mail" : nil)
        providerAccounts = try ProviderCatalog.all.compactMap(source.account)
        openID = try source.openID()
    }

    /// Background work has a quarter as many as requests, and at least these: somebody waits for a request, and with more
    /// the meetings of what was just booked take the processors from the next booking.
    var workConnections: Int { max(4, databaseConnections / 4) }

    /// With one each for figures, readiness and LISTEN, and two for the owner.
    var connectionsInAll: Int { databaseConnections + workConnections + 5 }

    /// What links begin with.
    var linkBase: URL { publicURL ?? localURL }

    /// How this machine reaches the server. A wildcard is an address to listen at, and none to go to.
    var localURL: URL {
        let name = ["0.0.0.0", "::"].contains(host) ? "localhost" : host.contains(":") ? "[\(host)]" : host
        return URL(string: "http://\(name):\(port)") ?? URL(filePath: "/")
    }

    private static func defaultDataFolder(isDemo: Bool) -> String {
        let name = isDemo ? "convene-demo" : "convene"
        if geteuid() == 0 { return "/var/lib/\(name)" }
        let environment = ProcessInfo.processInfo.environment
        let home = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "/tmp") + "/.local/share"
        return "\(home)/\(name)"
    }
}
