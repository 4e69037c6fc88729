package import Access
package import Durable
package import Foundation
package import Outgoing
package import Values

/// Sends people to an issuer and takes them back: to sign in, or to link the account there with the one here.
///
/// Authorization code with PKCE, state, nonce and a check of the issuer's name, as RFC 9700, 2.1 has it.
package struct OpenIDService: Sendable {
    /// Makes an account for somebody with an invitation. The link with `identity` belongs into the same transaction:
    /// ``OpenIDIdentity/linking(to:at:)``. `nil`: the invitation is not theirs, or there is none.
    package typealias AcceptInvitation =
        @Sendable (_ tokenHash: Data, _ identity: OpenIDIdentity, _ origin: ClientInfo) async throws -> UserID?

    private let connections: [IssuerConnection]
    private let secrets: FlowSecrets
    private let flows: OpenIDFlows
    package let accounts: OpenIDAccounts
    private let signIn: SignInService
    private let limits: RateLimits
    private let acceptInvitation: AcceptInvitation?

    /// - Parameter acceptInvitation: `nil`: nobody gets an account this way.
    package init(
        issuers: [OpenIDIssuer], secrets: FlowSecrets, flows: OpenIDFlows, accounts: OpenIDAccounts,
        signIn: SignInService, limits: RateLimits, client: OutgoingClient, clock: any WallClock,
        acceptInvitation: AcceptInvitation? = nil
    ) {
        connections = issuers.map { IssuerConnection($0, client: client, clock: clock) }
        self.secrets = secrets
        self.flows = flows
        self.accounts = accounts
        self.signIn = signIn
        self.limits = limits
        self.acceptInvitation = acceptInvitation
    }

    package var issuers: [OpenIDIssuer] { connections.map(\.issuer) }

    package func offers(_ slug: String) -> Bool { connection(slug) != nil }

    // MARK: Setting out

    package struct AuthorizationRequest: Sendable {
        /// The issuer's address, with the question.
        package let address: String
        /// For a cookie: only the browser that sets out may come back.
        package let browser: String
    }

    /// - Parameters:
    ///   - next: a path of ours.
    ///   - person: whom to link; `nil`: somebody signs in.
    ///   - invitation: the token of the invitation that brought them.
    /// - Throws: ``OpenIDError/unavailable(_:)``, ``OpenIDError/notInvited``, ``AccessError/signedOut``,
    ///   ``RateLimitReached``
    package func begin(
        _ slug: String, next: String, linking person: Person? = nil, invitation: String? = nil, from origin: ClientInfo
    ) async throws -> AuthorizationRequest {
        guard let connection = connection(slug) else { throw OpenIDError.noSuchFlow }
        // Anybody may ask, and each time something is written down.
        if person == nil { try await limits.spend(.openIDStarts(from: origin.address)) }
        if invitation != nil, acceptInvitation == nil { throw OpenIDError.notInvited }
        let state = RandomToken().text
        let browser = RandomToken().text
        let address = try await connection.authorizationAddress(
            state: state, nonce: secrets.nonce(for: state),
            challenge: FlowSecrets.challenge(of: secrets.verifier(for: state)))
        try await flows.begin(
            slug, state: state, browser: browser, next: next, linking: person, invitation: invitation)
        return AuthorizationRequest(address: address, browser: browser)
    }

    // MARK: Coming back

    /// What a browser brings back from an issuer.
    package struct Callback: Sendable {
        package var state: String?
        package var code: String?
        /// The issuer's refusal.
        package var error: String?
        /// The issuer's name (RFC 9207).
        package var iss: String?
        /// From the cookie.
        package var browser: String?
        /// Who is signed in here.
        package var person: Person?
        package var origin = ClientInfo(address: nil, agent: nil)

        package init() {}
    }

    package enum Outcome: Sendable {
        case signedIn(SignInService.IssuedTokens, next: String)
        case linked(next: String)
    }

    /// A refusal, and where the person came from when they are signed in and wanted to link.
    package struct Refusal: Error {
        package let reason: OpenIDError
        package let origin: String?
    }

    /// - Throws: ``Refusal``, ``DatabaseFailure``
    package func finish(_ slug: String, _ callback: Callback) async throws -> Outcome {
        guard let connection = connection(slug), let state = callback.state, let browser = callback.browser,
            let flow = try await flows.take(slug, state: state, browser: browser)
        else { throw Refusal(reason: .noSuchFlow, origin: nil) }
        do {
            return try await finish(flow, connection, state: state, callback)
        } catch {
            if let reason = error as? OpenIDError {
                throw Refusal(reason: reason, origin: flow.linkUser == nil ? nil : flow.next)
            }
            if error is AccessError {
                throw Refusal(reason: .notTheSamePerson, origin: nil)
            }
            throw error
        }
    }

    private func finish(
        _ flow: OpenIDFlows.Flow, _ connection: IssuerConnection, state: String, _ callback: Callback
    ) async throws -> Outcome {
        // Before anything else in the answer is believed, a refusal included.
        try await connection.checkName(callback.iss)
        if let error = callback.error { throw OpenIDError.refusedThere(OAuthCode(error)?.text ?? "unknown") }
        guard let code = callback.code, (1...4096).contains(code.utf8.count) else {
            throw OpenIDError.refusedThere("no code")
        }
        if let user = flow.linkUser, callback.person?.user != user { throw OpenIDError.notTheSamePerson }
        let identity = try await connection.identity(
            forCode: code, verifier: secrets.verifier(for: state), nonce: secrets.nonce(for: state))
        if flow.linkUser != nil, let person = callback.person {
            try await accounts.link(identity, to: person)
            return .linked(next: flow.next)
        }
        let user = try await user(behind: identity, flow, callback)
        try await accounts.recordUse(of: identity, by: user)
        try await limits.refund(.openIDStarts(from: callback.origin.address))
        let issued = try await signIn.open(
            for: user, by: .openID(issuer: connection.issuer.slug), through: .browser, from: callback.origin)
        return .signedIn(issued, next: flow.next)
    }

    /// An invitation makes accounts, and changes none: anyone who has one signs in to it.
    private func user(
        behind identity: OpenIDIdentity, _ flow: OpenIDFlows.Flow, _ callback: Callback
    ) async throws -> UserID {
        if let known = try await accounts.person(behind: identity) { return known }
        guard let invitation = flow.invitationHash else { throw OpenIDError.notLinked }
        guard let acceptInvitation, let user = try await acceptInvitation(invitation, identity, callback.origin) else {
            throw OpenIDError.notInvited
        }
        return user
    }

    private func connection(_ slug: String) -> IssuerConnection? { connections.first { $0.issuer.slug == slug } }
}
