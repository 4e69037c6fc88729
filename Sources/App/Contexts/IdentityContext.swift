import Durable
import Foundation
import Identity
import Notifications
import Outgoing
import Secrets

/// People and organizations.
struct IdentityContext: BoundedContext {
    let dependencies: Dependencies
    /// Who else has something in a member's name.
    let observers: [any MembershipObserver]

    var retentions: [Retention] { IdentityRetention.retentions }

    /// What requests are answered by.
    struct RequestServices {
        let identity: IdentityServices, openID: OpenIDService
    }

    func requestServices(signingKey: Data, rules: PasswordRules) async -> RequestServices {
        let (settings, clock) = (dependencies.settings, dependencies.clock)
        let identity = IdentityServices(
            database: dependencies.requests, tokens: await Tokens(secret: signingKey, clock: clock),
            passwordRules: rules, secrets: dependencies.secretBox, observers: observers,
            mailer: mailer, publicURL: settings.linkBase, isOpen: settings.isOpenToAll, clock: clock)
        return RequestServices(identity: identity, openID: openID(identity, signingKey: signingKey))
    }

    private var mailer: any AccountMailer {
        guard dependencies.settings.mail != nil else { return NoMailServer() }
        return OutboxAccountMailer(
            outbox: MailOutbox(secrets: dependencies.secretBox, clock: dependencies.clock),
            publicURL: dependencies.settings.linkBase, clock: dependencies.clock)
    }

    private func openID(_ identity: IdentityServices, signingKey: Data) -> OpenIDService {
        let (settings, database, clock) = (dependencies.settings, dependencies.requests, dependencies.clock)
        return OpenIDService(
            issuers: settings.openID.map {
                OpenIDIssuer(
                    slug: $0.slug, name: $0.name, identifier: $0.issuer, clientID: $0.clientID,
                    clientSecret: $0.clientSecret,
                    redirectURI: settings.linkBase.appending(path: "api/auth/oidc/\($0.slug)/callback").absoluteString)
            },
            secrets: FlowSecrets(secret: signingKey), flows: OpenIDFlows(database: database),
            accounts: OpenIDAccounts(database: database, clock: clock), signIn: identity.signIn,
            limits: identity.limits, client: OutgoingClient(reaching: .configured), clock: clock,
            acceptInvitation: { try await identity.joining.accept($0, with: $1, from: $2) })
    }
}
