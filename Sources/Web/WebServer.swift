package import Access
package import Audit
package import Branding
package import Calendars
package import Foundation
package import HTTP
package import Hummingbird
import HummingbirdCore
package import Identity
package import Logging
package import Meetings
import NIOCore
package import Notifications
package import Provisioning
package import Secrets
package import Sessions
package import Values

/// The HTTP side: the API, the pages and what they are made of.
package struct WebServer {
    /// The contexts, as requests see them.
    package struct Services: Sendable {
        let sessions: SessionService
        let interventions: Interventions
        let availability: Availability
        let identity: IdentityServices
        let branding: BrandingService
        let audit: AuditLog
        let openID: OpenIDService
        let providerAccounts: ProviderAccounts
        let stream: EventStream

        package init(
            sessions: SessionService, interventions: Interventions, availability: Availability,
            identity: IdentityServices,
            branding: BrandingService, audit: AuditLog, openID: OpenIDService, providerAccounts: ProviderAccounts,
            stream: EventStream
        ) {
            self.sessions = sessions
            self.interventions = interventions
            self.availability = availability
            self.identity = identity
            self.branding = branding
            self.audit = audit
            self.openID = openID
            self.providerAccounts = providerAccounts
            self.stream = stream
        }
    }

    /// Who may reach us how.
    package struct Configuration: Sendable {
        let build: BuildInfo
        /// How browsers reach us; `nil`: as the address that we listen at says.
        let publicURL: URL?
        let proxies: TrustedProxies
        /// Sites whose scripts may read our answers.
        let origins: Set<String>
        let limits: RequestLimits
        let connections: ConnectionLimits
        let metrics: MetricsAccess

        package init(
            build: BuildInfo, publicURL: URL?, proxies: TrustedProxies, origins: Set<String>, limits: RequestLimits,
            connections: ConnectionLimits, metricsToken: Secret?
        ) {
            self.build = build
            self.publicURL = publicURL
            self.proxies = proxies
            self.origins = origins
            self.limits = limits
            self.connections = connections
            metrics = MetricsAccess(token: metricsToken, knowsProxies: publicURL?.scheme != "https" || !proxies.isEmpty)
        }

        var isSecure: Bool { publicURL?.scheme == "https" }
    }

    /// Somebody whom a demo offers to sign in as.
    package struct DemoAccount: Sendable {
        let email: String, password: String, name: String, role: Role
        /// The name of theirs; `nil` for who looks after all.
        let organization: String?

        package init(email: String, password: String, name: String, role: Role, organization: String?) {
            self.email = email
            self.password = password
            self.name = name
            self.role = role
            self.organization = organization
        }
    }

    private let host: String
    private let port: Int
    private let logger: Logger
    private let ready: @Sendable () -> Void
    private let router: Router<AppContext>
    private let connections: Connections
    private let limits: ConnectionLimits

    /// - Parameters:
    ///   - demoAccounts: offered on the sign-in page of a demo; none: the server is no demo.
    ///   - demoMails: those of a demo that sends none, the newest first; `nil`: there is no page of them.
    ///   - ready: called once it listens.
    /// - Throws: when templates or assets cannot be read.
    package init(
        host: String, port: Int, configuration: Configuration, demoAccounts: [DemoAccount],
        demoMails: (@Sendable () -> [DemoMail])? = nil, services: Services,
        firstResponses: any ResponseStore, clock: any WallClock,
        logger: Logger, isReady: @escaping @Sendable () async -> Bool, metrics: @escaping @Sendable () async -> String,
        ready: @escaping @Sendable () -> Void
    ) async throws {
        self.host = host
        self.port = port
        self.logger = logger
        self.ready = ready
        limits = configuration.connections
        connections = Connections(limits: limits, proxies: configuration.proxies)
        let authentication = Authentication(services.identity, isSecure: configuration.isSecure)
        let endpoints = try Self.endpoints(
            services, authentication: authentication, clock: clock, isReady: isReady, metrics: metrics,
            configuration: configuration)
        let router = Router(context: AppContext.self, options: [.autoGenerateHeadEndpoints])
        let assets = try Assets(generated: Assets.eventTypes(EventTypes.all))
        let templates = try await PageTemplates(assets: assets.address, hasDemoMails: demoMails != nil)
        router.add(
            middleware: RequestLog(
                endpoints: endpoints, proxies: configuration.proxies, limits: configuration.limits,
                isSecure: configuration.isSecure
            ) { problem, id in try? templates.refusal(ErrorPage(problem, requestID: id)) })
        router.add(middleware: CrossOrigin(origins: configuration.origins))
        router.add(middleware: ForeignForms(publicURL: configuration.publicURL))
        EndpointRouter(
            authentication: authentication, limits: configuration.limits, firstResponses: firstResponses
        ).add(endpoints, to: router)
        let pages = Self.pages(
            services, authentication: authentication, templates: templates, assets: assets, clock: clock,
            demo: DemoOffer(demoAccounts, hasMails: demoMails != nil), demoMails: demoMails, endpoints: endpoints)
        PageRouter(viewers: pages.viewers, formTokens: pages.formTokens, templates: templates).add(
            pages.all, to: router)
        self.router = router
    }

    /// How long a connection may stand on which nothing is asked, or whose request's headers do not come to an end. One
    /// that is being answered may be quiet for longer, as event streams are.
    private static let idleTimeout = TimeAmount.seconds(60)

    /// How many connections may wait with the system until they are accepted. When they are more, it drops the packet
    /// that opens one, and the client tries again after a whole second (RFC 6298, section 2). The system's own limit,
    /// `net.core.somaxconn`, is 4,096 where nobody changed it.
    private static let backlog = 4096

    package func application() -> some ApplicationProtocol {
        let ready = ready
        let host = host
        return Application(
            router: router,
            server: HTTPServerBuilder { [connections] responder in
                WatchedChannel(connections, idleTimeout: Self.idleTimeout, responder: responder)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil, backlog: Self.backlog,
                availableConnectionsDelegate: .maximum(limits.most, logger: logger)),
            onServerRunning: { _ in ready() },
            logger: logger)
    }

    /// The OpenAPI document, as `/openapi.json` answers it.
    package static func openAPIDocument(_ services: Services, clock: any WallClock) throws -> String {
        let authentication = Authentication(services.identity, isSecure: false)
        let endpoints = try endpoints(
            services, authentication: authentication, clock: clock, isReady: { false }, metrics: { "" },
            configuration: Configuration(
                build: BuildInfo(commit: "unknown"), publicURL: nil, proxies: TrustedProxies([]), origins: [],
                limits: RequestLimits(perSecond: 0),
                connections: ConnectionLimits(most: 1, perAddress: 0, streamsPerPerson: 0), metricsToken: nil))
        let document = try OpenAPI(endpoints).document
        return String(decoding: try JSONEncoder.convene.encode(document), as: UTF8.self)
    }

    private static func pages(
        _ services: Services, authentication: Authentication, templates: PageTemplates, assets: Assets,
        clock: any WallClock, demo: DemoOffer?, demoMails: (@Sendable () -> [DemoMail])?, endpoints: [Endpoint]
    ) -> WebPages {
        let identity = services.identity
        return WebPages(
            services: services,
            viewers: Viewers(
                authentication: authentication, profiles: identity.profiles, ownSignIns: identity.ownSignIns,
                organizations: identity.organizations, tokens: identity.tokens, branding: services.branding,
                stream: services.stream),
            templates: templates, assets: assets, clock: clock, demo: demo, demoMails: demoMails,
            scopes: { role in
                let reached = Set(endpoints.filter { $0.access.allRoles.contains(role) }.compactMap(\.grant))
                return Scope.grants.filter(reached.contains)
            })
    }

    /// The pages and who may see each, as JSON: with what ``openAPIDocument(_:clock:)`` says of the API, every route.
    package static func pageList(_ services: Services, clock: any WallClock) async throws -> String {
        let assets = try Assets(generated: Assets.eventTypes(EventTypes.all))
        let pages = Self.pages(
            services, authentication: Authentication(services.identity, isSecure: false),
            templates: try await PageTemplates(assets: assets.address), assets: assets, clock: clock,
            demo: DemoOffer(accounts: [], hasMails: true), demoMails: { [] }, endpoints: [])
        return String(decoding: try JSONEncoder.convene.encode(pages.all.map(\.summary)), as: UTF8.self)
    }

    static func endpoints(
        _ services: Services, authentication: Authentication, clock: any WallClock,
        isReady: @escaping @Sendable () async -> Bool, metrics: @escaping @Sendable () async -> String,
        configuration: Configuration
    ) throws -> [Endpoint] {
        let identity = services.identity
        let endpoints =
            SignInRoutes(
                service: identity.signIn, links: identity.links, profiles: identity.profiles,
                authentication: authentication
            ).endpoints
            + OpenIDRoutes(service: services.openID, authentication: authentication).endpoints
            + JoiningRoutes(
                joining: identity.joining, profiles: identity.profiles, authentication: authentication
            ).endpoints
            + SecurityRoutes(
                credentials: identity.credentials, secondFactors: identity.secondFactors,
                ownSignIns: identity.ownSignIns, authentication: authentication
            ).endpoints
            + KeyRoutes(keys: identity.keys).endpoints
            + OrganizationRoutes(
                organizations: identity.organizations, members: identity.members, invitations: identity.invitations
            ).endpoints
            + PreferenceRoutes(preferences: identity.preferences, profiles: identity.profiles).endpoints
            + BrandingRoutes(branding: services.branding).endpoints
            + MemberRoutes(members: identity.members).endpoints
            + GroupRoutes(groups: identity.groups).endpoints
            + InvitationRoutes(invitations: identity.invitations).endpoints
            + ProviderRoutes(accounts: services.providerAccounts).endpoints
            + AvailabilityRoutes(availability: services.availability).endpoints
            + SessionRoutes(sessions: services.sessions, clock: clock).endpoints
            + EventStreamRoutes(
                stream: services.stream,
                limit: StreamLimit(
                    perPerson: configuration.connections.streamsPerPerson, most: configuration.connections.streams)
            ).endpoints
            + InterventionRoutes(interventions: services.interventions).endpoints
            + AuditRoutes(audit: services.audit).endpoints
            + HealthRoutes(
                build: configuration.build, isReady: isReady, metrics: metrics, metricsAccess: configuration.metrics
            ).endpoints
        return endpoints + [try OpenAPI.endpoint(describing: endpoints)]
    }
}

extension DemoOffer {
    /// `nil` where no account is offered.
    fileprivate init?(_ accounts: [WebServer.DemoAccount], hasMails: Bool) {
        guard !accounts.isEmpty else { return nil }
        self.init(
            accounts: accounts.map {
                Account(
                    email: $0.email, password: $0.password, name: $0.name, role: $0.role.label,
                    organization: $0.organization)
            }, hasMails: hasMails)
    }
}
