import Access
package import Durable
package import Foundation
package import Postgres
package import Values

/// The first account of an installation and its first organization, by a link that the server prints at its start.
///
/// Whoever reads the server's output may set it up, and nobody else: the link's secret is kept as a digest, each start
/// without a super admin replaces it, it lasts ``lifetime``, and it ends with its first use or with the first super admin,
/// whichever comes first.
package struct SetUp: Sendable {
    let database: Database
    let signInService: SignInService
    let passwordRules: PasswordRules
    let limits: RateLimits
    let clock: any WallClock

    package init(
        database: Database, signInService: SignInService, passwordRules: PasswordRules, limits: RateLimits,
        clock: any WallClock
    ) {
        self.database = database
        self.signInService = signInService
        self.passwordRules = passwordRules
        self.limits = limits
        self.clock = clock
    }

    /// A day: who starts a server opens it soon, and starts it again otherwise.
    static let lifetime = Duration.hours(24)

    /// The one who sets it up, as they describe themselves.
    package struct Founder: Sendable {
        package let name: String
        package let email: EmailAddress
        package let password: String
        /// IANA name; also that of the organization.
        package let timeZone: String
        package let organization: String

        package init(name: String, email: EmailAddress, password: String, timeZone: String, organization: String) {
            self.name = name
            self.email = email
            self.password = password
            self.timeZone = timeZone
            self.organization = organization
        }
    }

    /// Makes the link that works from now on; the one before ends.
    /// - Parameter owner: the database as its owner, since nobody can have signed in.
    /// - Returns: `nil` once there is a super admin.
    package static func link(publicURL: URL, in owner: Database, at now: Date) async throws -> URL? {
        let token = RandomToken()
        let isOpen = try await owner.run(
            """
            INSERT INTO invitations (id, role, token_hash, created_at, expires_at)
            SELECT \(InvitationID(at: now)), 'super_admin', \(token.hash), \(now), \(now.advanced(by: lifetime))
            WHERE NOT EXISTS (SELECT FROM users WHERE super_admin)
            ON CONFLICT (role) WHERE email IS NULL AND accepted_at IS NULL
            DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at,
                          expires_at = excluded.expires_at
            """)
        guard isOpen == 1 else { return nil }
        return publicURL.appending(path: "set-up")
            .appending(queryItems: [URLQueryItem(name: "token", value: token.text)])
    }

    /// - Throws: ``JoiningError/invitationGone``; ``RateLimitReached``
    package func check(_ token: String, from origin: ClientInfo) async throws {
        let isOpen = try await database.beforeSigningIn.row(
            "SELECT is_to_be_set_up(\(RandomToken.hash(of: token)), \(clock.now))", as: Bool.self)
        guard isOpen == true else {
            // Only wrong tokens count: a page may be looked at again and again.
            try await limits.spend(.asking(from: origin.address))
            throw JoiningError.invitationGone
        }
    }

    /// Makes the super admin, who is the admin of their organization too, and signs them in.
    /// - Throws: ``JoiningError/invitationGone``, also when somebody else was faster; ``JoiningError/accountExists``;
    ///   ``PasswordWeakness``
    package func callAsFunction(
        _ token: String, by founder: Founder, from origin: ClientInfo
    ) async throws -> SignInService.IssuedTokens {
        try await check(token, from: origin)
        let owner = PasswordRules.Owner(
            name: founder.name, email: founder.email.text, organizations: [founder.organization])
        if let weakness = passwordRules.weakness(of: founder.password, chosenBy: owner) { throw weakness }
        let hash = try await signInService.passwords.hash(founder.password)
        let now = clock.now
        let user = UserID(at: now)
        try await JoiningError.naming {
            try await database.beforeSigningIn(from: origin.address).run(
                """
                SELECT set_up(\(RandomToken.hash(of: token)), \(user), \(founder.email.text), \(founder.name),
                              \(founder.timeZone), \(hash), \(OrganizationID(at: now)), \(founder.organization),
                              \(EventID(at: now)), \(now))
                """)
        }
        return try await signInService.open(for: user, by: .invitation, through: .browser, from: origin)
    }
}
