package import Access
package import Durable
package import Foundation
package import Postgres
package import Secrets
package import Values

/// Ways in, each bound to one address and good for one use. They go by mail; on an installation that sends none, whoever
/// invites passes the link on.
package struct Invitations: Sendable {
    let database: Database
    let mailer: any AccountMailer
    let limits: RateLimits
    let secrets: SecretBox
    /// How browsers reach us.
    let publicURL: URL
    let clock: any WallClock

    package init(
        database: Database, mailer: any AccountMailer, limits: RateLimits, secrets: SecretBox, publicURL: URL,
        clock: any WallClock
    ) {
        self.database = database
        self.mailer = mailer
        self.limits = limits
        self.secrets = secrets
        self.publicURL = publicURL
        self.clock = clock
    }

    static let lifetime = Duration.hours(24 * 7)

    /// Whether an invitation goes to the one who is invited; else its link is in ``Invitation/link``.
    package var areMailed: Bool { mailer.delivers }

    package struct Invitation: Decodable, Sendable {
        package let id: InvitationID
        package let email: String
        package let role: Role
        /// The name of who sent it.
        package let invitedBy: String?
        package let createdAt: Date
        package let expiresAt: Date
        package let isExpired: Bool
        /// Whether its mail was given up: refused, or tried for too long.
        package let deliveryFailed: Bool
        package let deliveryFailure: Explanation?
        /// Told once, to whoever has just invited and has to pass it on: only a digest of its secret is kept. `nil` where
        /// it went by mail.
        package let link: URL?
    }

    /// Those that nobody has accepted or revoked, the newest first.
    package func list(after cursor: Cursor?, limit: Int, as actor: Actor) async throws -> Page<Invitation> {
        let found = try await database.acting(as: actor).rows(
            """
            SELECT i.id, i.email, i.role, u.name AS invited_by, i.created_at, i.expires_at,
                   i.expires_at <= \(clock.now) AS is_expired,
                   i.delivery_failed_at IS NOT NULL AS delivery_failed, i.delivery_failure,
                   NULL AS link
            FROM invitations i LEFT JOIN users u ON u.id = i.invited_by
            WHERE i.organization_id = app_org_id() AND i.accepted_at IS NULL AND i.revoked_at IS NULL
              AND (\(cursor?.id)::uuid IS NULL OR i.id < \(cursor?.id)::uuid)
            ORDER BY i.id DESC LIMIT \(limit + 1)
            """, as: Invitation.self)
        return Page(found, limit: limit) { Cursor(key: "", id: $0.id.uuid) }
    }

    /// Invites an address; one that was invited before and has not accepted gets a new link in place of the old.
    /// - Throws: ``OrganizationError/alreadyMember``; ``RateLimitReached``
    package func invite(
        _ email: EmailAddress, as role: Role, key: IdempotencyKey<Invitation> = .absent, by actor: Actor
    ) async throws -> Invitation {
        let now = clock.now
        let organization = try await Organizations(database: database, clock: clock).current(as: actor)
        try await limits.spend(.invitations(of: organization.id))
        let token = RandomToken()
        let expiry = now.advanced(by: Self.lifetime)
        let id = InvitationID(at: now)
        let inviter = try await database.acting(as: actor).row(
            "SELECT name FROM users WHERE id = app_user_id()", as: String.self)
        let mail = try await mailer.post(
            .invitation(
                organization: organization.name, inviter: inviter, role: role, link: link(to: token), expiresAt: expiry,
                id: id),
            to: email.text, of: organization.id)
        return try await database.acting(as: actor).transaction { tx in
            // Two who invite one address at once go one after the other, and the second one's link is the one that works.
            try await tx.run([
                Actor.staysAsTheyAre,
                "SELECT pg_advisory_xact_lock(hashtextextended('invitation/' || app_org_id() || '/' || \(email.text), 0))",
            ])
            let isMember = try await tx.row(
                """
                SELECT EXISTS (SELECT FROM memberships m JOIN users u ON u.id = m.user_id
                               WHERE m.organization_id = app_org_id() AND m.left_at IS NULL
                                 AND u.email = \(email.text))
                """, as: Bool.self)
            guard isMember == false else { throw OrganizationError.alreadyMember }
            try await tx.run([
                """
                UPDATE invitations SET revoked_at = \(now)
                WHERE organization_id = app_org_id() AND email = \(email.text)
                  AND accepted_at IS NULL AND revoked_at IS NULL
                """,
                """
                INSERT INTO invitations (id, organization_id, email, role, token_hash, invited_by, created_at, expires_at)
                VALUES (\(id), app_org_id(), \(email.text), \(role), \(token.hash), app_user_id(), \(now), \(expiry))
                """,
                mail,
            ])
            let invitation = Invitation(
                id: id, email: email.text, role: role, invitedBy: inviter, createdAt: now, expiresAt: expiry,
                isExpired: false, deliveryFailed: false, deliveryFailure: nil, link: areMailed ? nil : link(to: token))
            try await tx.run(key.keep(invitation, sealedWith: secrets, for: actor.person.user))
            return invitation
        }
    }

    /// Sends an open invitation again, with a new link; the old one ends.
    /// - Throws: ``OrganizationError/noSuchThing``; ``AccountMailerError/unusableAddress``
    package func resend(
        _ id: InvitationID, key: IdempotencyKey<Invitation> = .absent, by actor: Actor
    ) async throws -> Invitation {
        struct Open: Decodable { let email: String, role: Role }
        let open = try await database.acting(as: actor).row(
            """
            SELECT email, role FROM invitations
            WHERE organization_id = app_org_id() AND id = \(id) AND accepted_at IS NULL AND revoked_at IS NULL
            """, as: Open.self)
        guard let open else { throw OrganizationError.noSuchThing }
        let email: EmailAddress
        do { email = try EmailAddress(open.email) } catch { throw AccountMailerError.unusableAddress }
        return try await invite(email, as: open.role, key: key, by: actor)
    }

    /// - Throws: ``OrganizationError/noSuchThing``
    package func revoke(_ id: InvitationID, by actor: Actor) async throws {
        let revoked = try await database.acting(as: actor).run(
            """
            UPDATE invitations SET revoked_at = \(clock.now)
            WHERE organization_id = app_org_id() AND id = \(id) AND accepted_at IS NULL AND revoked_at IS NULL
            """)
        guard revoked == 1 else { throw OrganizationError.noSuchThing }
    }

    /// A way in for the first super admin of an installation, or for another.
    /// - Parameter owner: the database as its owner, since nobody has signed in.
    /// - Returns: the link, for who asked on the command line; it goes to no mail.
    package static func superAdmin(
        _ email: EmailAddress, publicURL: URL, in owner: Database, at now: Date
    ) async throws -> URL {
        let token = RandomToken()
        try await owner.run(
            """
            INSERT INTO invitations (id, email, role, token_hash, created_at, expires_at)
            VALUES (\(InvitationID(at: now)), \(email.text), 'super_admin', \(token.hash), \(now),
                    \(now.advanced(by: lifetime)))
            """)
        return link(to: token, at: publicURL)
    }

    func link(to token: RandomToken) -> URL { Self.link(to: token, at: publicURL) }

    private static func link(to token: RandomToken, at publicURL: URL) -> URL {
        publicURL.appending(path: "invitation").appending(queryItems: [URLQueryItem(name: "token", value: token.text)])
    }
}
