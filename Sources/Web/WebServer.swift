package import Calendars
package import Foundation
package import Hummingbird
package import Identity
package import Logging
import NIOCore
package import Notifications
package import Sessions
package import Values

/// The HTTP side: the API, the pages and what they are made of.
package struct WebServer {
    /// The contexts, as requests see them.
    package struct Desks: Sendable {
        let sessions: SessionDesk
        let interventions: Interventions
        let availability: Availability
        let signIn: SignInDesk
        let profiles: Profiles
        let members: Members
        let preferences: PreferencesDesk
        let branding: BrandingDesk
        let tokens: Tokens
        let stream: EventStream

        package init(
            sessions: SessionDesk, interventions: Interventions, availability: Availability, signIn: SignInDesk,
            profiles: Profiles, members: Members, preferences: PreferencesDesk, branding: BrandingDesk,
            tokens: Tokens, stream: EventStream
        ) {
            self.sessions = sessions
            self.interventions = interventions
            self.availability = availability
            self.signIn = signIn
            self.profiles = profiles
            self.members = members
            self.preferences = preferences
            self.branding = branding
            self.tokens = tokens
            self.stream = stream
        }
    }

    /// Somebody whom a demo offers to sign in as.
    package struct DemoAccount: Sendable {
        let email: String, password: String, role: Role

        package init(email: String, password: String, role: Role) {
            self.email = email
            self.password = password
            self.role = role
        }
    }

    private let host: String
    private let port: Int
    private let logger: Logger
    private let ready: @Sendable (String) -> Void
    private let router: Router<AppContext>

    /// - Parameters:
    ///   - publicURL: how browsers reach us; `nil`: at `host` and `port`.
    ///   - demoAccounts: offered on the sign-in page, address and password and role.
    ///   - ready: told the server's address once it listens.
    /// - Throws: when templates or assets cannot be read.
    package init(
        host: String, port: Int, publicURL: URL?, demoAccounts: [DemoAccount], desks: Desks, clock: any WallClock,
        logger: Logger, isReady: @escaping @Sendable () async -> Bool, metrics: @escaping @Sendable () async -> String,
        ready: @escaping @Sendable (String) -> Void
    ) async throws {
        self.host = host
        self.port = port
        self.logger = logger
        self.ready = ready
        let authentication = Authentication(tokens: desks.tokens, isSecure: publicURL?.scheme == "https")
        let endpoints = Self.endpoints(
            desks, authentication: authentication, clock: clock, isReady: isReady, metrics: metrics)
        let router = Router(context: AppContext.self, options: [.autoGenerateHeadEndpoints])
        let assets = try Assets()
        let templates = try await PageTemplates(assetVersion: assets.version)
        router.add(middleware: RequestLog(endpoints: endpoints, templates: templates))
        EndpointRouter(authentication: authentication).add(endpoints, to: router)
        PageRoutes(
            desks: desks, authentication: authentication, templates: templates, assets: assets, clock: clock,
            demoAccounts: demoAccounts.map { .init(email: $0.email, password: $0.password, role: $0.role.label) }
        ).add(to: router)
        self.router = router
    }

    package func application() -> some ApplicationProtocol {
        let ready = ready
        let host = host
        return Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in
                ready("http://\(host):\(channel.localAddress?.port ?? 0)")
            },
            logger: logger)
    }

    /// The OpenAPI document, as `/openapi.json` answers it.
    package static func openAPIDocument(_ desks: Desks, clock: any WallClock) throws -> String {
        let authentication = Authentication(tokens: desks.tokens, isSecure: false)
        let endpoints = endpoints(
            desks, authentication: authentication, clock: clock, isReady: { false }, metrics: { "" })
        let document = OpenAPI(endpoints: endpoints, version: OpenAPI.version).document
        return String(decoding: try JSONEncoder.convene.encode(document), as: UTF8.self)
    }

    static func endpoints(
        _ desks: Desks, authentication: Authentication, clock: any WallClock,
        isReady: @escaping @Sendable () async -> Bool, metrics: @escaping @Sendable () async -> String
    ) -> [Endpoint] {
        let endpoints =
            SignInRoutes(desk: desks.signIn, profiles: desks.profiles, authentication: authentication).endpoints
            + PreferenceRoutes(preferences: desks.preferences, profiles: desks.profiles).endpoints
            + MemberRoutes(members: desks.members).endpoints
            + BrandingRoutes(branding: desks.branding).endpoints
            + AvailabilityRoutes(availability: desks.availability).endpoints
            + SessionRoutes(sessions: desks.sessions, clock: clock).endpoints
            + EventStreamRoutes(stream: desks.stream).endpoints
            + InterventionRoutes(interventions: desks.interventions).endpoints
            + HealthRoutes(isReady: isReady, metrics: metrics).endpoints
        return endpoints + [OpenAPI.endpoint(describing: endpoints)]
    }
}
