package import Access
package import Foundation
package import Postgres
package import Values

/// Somebody, as an issuer knows them.
package struct OpenIDIdentity: Sendable, Hashable {
    package let issuer: String
    /// Never given to another by this issuer, unlike an address.
    package let subject: String
    package let email: String?
    package let isEmailVerified: Bool
    package let name: String?

    /// Makes `user` the one whom this account signs in; for the transaction that makes the user.
    package func linking(to user: UserID, at now: Date) -> SQL {
        """
        INSERT INTO openid_accounts (id, issuer, subject, user_id, email, linked_at)
        VALUES (\(OpenIDAccountID(at: now)), \(issuer), \(subject), \(user), \(email), \(now))
        """
    }
}

/// The accounts at issuers that people are linked with.
package struct OpenIDAccounts: Sendable {
    let database: Database
    let clock: any WallClock

    package init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    package struct Account: Codable, Sendable {
        package let id: OpenIDAccountID
        package let issuer: String
        package let email: String?
        package let linkedAt: Date
        package let lastUsedAt: Date?
    }

    /// Those of the person who asks, oldest first.
    package func list(of person: Person) async throws -> [Account] {
        try await database.acting(as: person).rows(
            """
            SELECT id, issuer, email, linked_at, last_used_at FROM openid_accounts
            WHERE user_id = app_user_id() ORDER BY linked_at, id LIMIT 200
            """)
    }

    /// Whom this account signs in. By issuer and subject alone: an address proves nothing.
    func person(behind identity: OpenIDIdentity) async throws -> UserID? {
        try await database.beforeSigningIn.row(
            "SELECT user_id FROM person_of_openid(\(identity.issuer), \(identity.subject))", as: UserID.self)
    }

    func recordUse(of identity: OpenIDIdentity, by user: UserID) async throws {
        try await database.signingIn(user).run(
            """
            UPDATE openid_accounts SET last_used_at = \(clock.now), email = \(identity.email)
            WHERE issuer = \(identity.issuer) AND subject = \(identity.subject) AND user_id = \(user)
            """)
    }

    /// Linking again what is linked already changes nothing.
    /// - Throws: ``OpenIDError/linkedWithAnother``, ``AccessError/signedOut``
    func link(_ identity: OpenIDIdentity, to person: Person) async throws {
        let results = try await database.acting(as: person).atomically([
            "\(identity.linking(to: person.user, at: clock.now)) ON CONFLICT (issuer, subject) DO NOTHING",
            """
            SELECT FROM openid_accounts
            WHERE issuer = \(identity.issuer) AND subject = \(identity.subject) AND user_id = app_user_id()
            """,
        ])
        guard results[1].count == 1 else { throw OpenIDError.linkedWithAnother }
    }

    /// - Throws: ``UnlinkError``, ``AccessError/signedOut``
    package func unlink(_ id: OpenIDAccountID, of person: Person) async throws {
        let results = try await database.acting(as: person).atomically([
            // One after the other: two that go at once would each leave the other one as the last.
            "SELECT FROM users WHERE id = app_user_id() FOR UPDATE",
            "SELECT FROM openid_accounts WHERE id = \(id) AND user_id = app_user_id()",
            """
            DELETE FROM openid_accounts a WHERE a.id = \(id) AND a.user_id = app_user_id()
              AND (EXISTS (SELECT FROM user_passwords p WHERE p.user_id = app_user_id())
                   OR EXISTS (SELECT FROM openid_accounts b WHERE b.user_id = app_user_id() AND b.id <> a.id))
            """,
        ])
        guard results[1].count == 1 else { throw UnlinkError.noSuchAccount }
        guard results[2].count == 1 else { throw UnlinkError.lastWayToSignIn }
    }
}

package enum UnlinkError: Error, Equatable {
    case noSuchAccount
    /// Without it the person could not sign in any more.
    case lastWayToSignIn
}
