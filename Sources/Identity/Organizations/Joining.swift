package import Access
package import Durable
package import Foundation
package import Postgres
package import Values

/// What becomes of an invitation on the side of the one who was invited. It makes an account where there is none, and
/// never changes one that there is: who has an account signs in to it first.
package struct Joining: Sendable {
    let database: Database
    let signInService: SignInService
    let passwordRules: PasswordRules
    let invitations: Invitations
    let mailer: any AccountMailer
    let limits: RateLimits
    /// Whether anybody may found an organization here.
    private let isOpen: Bool
    let clock: any WallClock

    package init(
        database: Database, signInService: SignInService, passwordRules: PasswordRules, invitations: Invitations,
        mailer: any AccountMailer, limits: RateLimits, isOpen: Bool, clock: any WallClock
    ) {
        self.database = database
        self.signInService = signInService
        self.passwordRules = passwordRules
        self.invitations = invitations
        self.mailer = mailer
        self.limits = limits
        self.isOpen = isOpen
        self.clock = clock
    }

    /// Whether anybody can sign up: they may, and the link that leads on can be mailed to them.
    package var canSignUp: Bool { isOpen && mailer.delivers }

    /// What the holder of an invitation's link is told.
    package struct Offer: Codable, Sendable {
        package let organizationId: OrganizationID?
        /// Of the organization to join or to found; `nil` for a super admin.
        package let organizationName: String?
        package let email: String
        package let role: Role
        package let inviter: String?
        package let expiresAt: Date
        /// The address has an account, which has to sign in.
        package let hasAccount: Bool
    }

    /// A new account, as the one who was invited describes it.
    package struct NewAccount: Sendable {
        package let name: String
        package let password: String
        /// IANA name.
        package let timeZone: String

        package init(name: String, password: String, timeZone: String) {
            self.name = name
            self.password = password
            self.timeZone = timeZone
        }
    }

    /// - Throws: ``JoiningError/invitationGone``
    package func offer(for token: String, from origin: ClientInfo) async throws -> Offer {
        let offer = try await database.beforeSigningIn.row(
            """
            SELECT organization_id, organization_name, email, role, inviter, expires_at, has_account
            FROM invitation_of(\(RandomToken.hash(of: token)), \(clock.now))
            """, as: Offer.self)
        guard let offer else {
            // Only wrong tokens count: a page may be looked at again and again.
            try await limits.spend(.asking(from: origin.address))
            throw JoiningError.invitationGone
        }
        return offer
    }

    /// Makes the account and signs it in.
    /// - Throws: ``JoiningError``; ``PasswordWeakness``
    package func accept(_ token: String, asNew account: NewAccount, from origin: ClientInfo) async throws
        -> SignInService.IssuedTokens
    {
        let offer = try await offer(for: token, from: origin)
        guard !offer.hasAccount else { throw JoiningError.accountExists }
        let owner = PasswordRules.Owner(
            name: account.name, email: offer.email, organizations: [offer.organizationName].compactMap(\.self))
        if let weakness = passwordRules.weakness(of: account.password, chosenBy: owner) { throw weakness }
        let hash = try await signInService.passwords.hash(account.password)
        let user = UserID(at: clock.now)
        try await carryOut(
            token, for: user, name: account.name, timeZone: account.timeZone, passwordHash: hash,
            on: database.beforeSigningIn(from: origin.address))
        return try await signInService.open(for: user, by: .invitation, through: .browser, from: origin)
    }

    /// For somebody who has an account and has signed in to it.
    /// - Throws: ``JoiningError``
    package func accept(_ token: String, as person: Person) async throws {
        try await carryOut(
            token, for: person.user, name: nil, timeZone: "UTC", passwordHash: nil, on: database.acting(as: person))
    }

    /// Mails anyone who has that address a way to found an organization. The answer is the same whether they have an
    /// account or not.
    /// - Throws: ``JoiningError/closed``; ``RateLimitReached``; ``AccountMailerError/noMailServer``
    package func signUp(_ email: EmailAddress, founding organization: String, from origin: ClientInfo) async throws {
        guard isOpen else { throw JoiningError.closed }
        guard mailer.delivers else { throw AccountMailerError.noMailServer }
        try await limits.spend(.asking(from: origin.address))
        try await limits.spend(.mail(to: email))
        let token = RandomToken()
        let expiry = clock.now.advanced(by: Invitations.lifetime)
        let known = try await database.beforeSigningIn.row(
            "SELECT name FROM account_of(\(email.text))", as: String.self)
        let mail: AccountMail =
            known == nil
            ? .invitation(
                organization: organization, inviter: nil, role: .admin, link: invitations.link(to: token),
                expiresAt: expiry)
            : .accountExists(link: invitations.publicURL.appending(path: "sign-in"))
        var statements = [try await mailer.post(mail, to: email.text, of: nil)]
        if known == nil {
            statements.insert(
                "SELECT keep_founding(\(InvitationID(at: clock.now)), \(email.text), \(organization), \(token.hash), \(expiry))",
                at: 0)
        }
        try await database.beforeSigningIn(from: origin.address).atomically(statements)
    }

    private func carryOut(
        _ token: String, for user: UserID, name: String?, timeZone: String, passwordHash: String?,
        on database: ActorDatabase
    ) async throws {
        let now = clock.now
        try await JoiningError.naming {
            try await database.run(
                """
                SELECT accept_invitation(\(RandomToken.hash(of: token)), \(user), \(name), \(timeZone),
                                         \(passwordHash), false, \(OrganizationID(at: now)), \(EventID(at: now)),
                                         \(now))
                """)
        }
    }
}

package enum JoiningError: Error, Equatable {
    /// Used, revoked, too old, or none of ours.
    case invitationGone
    /// The invited address has an account: sign in to it.
    case accountExists
    /// The invitation is for another address than the signed-in account's.
    case forAnother
    /// Organizations are made by super admins only.
    case closed

    /// Does `work` with the database's functions for joining, and throws what they refuse as what it means.
    static func naming(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as PostgresError {
            switch error.refusal?.code {
            case "invitation_gone": throw JoiningError.invitationGone
            case "account_exists": throw JoiningError.accountExists
            case "invitation_for_another": throw JoiningError.forAnother
            default: throw error
            }
        }
    }
}
