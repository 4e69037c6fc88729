import Foundation
import Identity
import Notifications
import Outgoing
import Postgres
import Secrets
import Sessions
import Values

// How people and organizations are put together.

extension Assembly {
    func openID(_ database: Database, signingKey: Data, identity: IdentityServices) -> OpenIDService {
        OpenIDService(
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

    func identity(
        _ database: Database, rules: PasswordRules, secrets: SecretBox, signingKey: Data
    ) async -> IdentityServices {
        IdentityServices(
            database: database, tokens: await Tokens(secret: signingKey, clock: clock), passwordRules: rules,
            secrets: secrets, observers: [SessionMemberships()],
            mailer: OutboxAccountMailer(
                outbox: MailOutbox(secrets: secrets, clock: clock), publicURL: settings.linkBase, clock: clock),
            publicURL: settings.linkBase,
            isOpen: settings.isOpenToAll, clock: clock)
    }
}
