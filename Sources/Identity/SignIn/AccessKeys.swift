package import Access
import Durable
package import Foundation
package import Postgres
package import Secrets
package import Values

/// Keys for programs: each acts for one person in one organization, within its scopes and never beyond that person's
/// role. A key is a sign-in that does not end by itself for up to a year, so what ends sign-ins ends keys: another
/// password, signing out everywhere, and leaving the organization or the role in which it was made.
package struct AccessKeys: Sendable {
    /// What every key begins with, so that scanners for leaked secrets find them.
    package static let prefix = "cvk_"

    let database: Database
    let secrets: SecretBox
    let clock: any WallClock

    package init(database: Database, secrets: SecretBox, clock: any WallClock) {
        self.database = database
        self.secrets = secrets
        self.clock = clock
    }

    package struct Key: Codable, Sendable {
        package let id: SignInID
        package let name: String
        package let scopes: [String]
        /// The last four characters.
        package let hint: String
        package let createdAt: Date
        package let lastUsedAt: Date?
        package let expiresAt: Date
    }

    /// A key that was just made.
    package struct NewKey: Codable, Sendable {
        package let id: SignInID
        /// Shown this once: only its hash is kept.
        package let key: String
        package let expiresAt: Date
    }

    /// Whose key it is, and what it may be used for.
    package struct Owner: Sendable {
        package let principal: Principal
        package let scopes: Set<String>
    }

    /// Those of the actor in their organization, the newest first.
    package func list(as actor: Actor) async throws -> [Key] {
        try await database.acting(as: actor).rows(
            """
            SELECT id, name, scopes, token_hint AS hint, created_at, last_seen_at AS last_used_at, expires_at
            FROM sign_ins
            WHERE user_id = app_user_id() AND medium = 'key' AND organization_id = app_org_id()
              AND ended_at IS NULL AND expires_at > now()
            ORDER BY created_at DESC LIMIT 200
            """)
    }

    /// - Parameter lifetime: at most a year.
    package func create(
        name: String, scopes: [String], lifetime: Duration, idempotencyKey: IdempotencyKey<NewKey> = .absent,
        as actor: Actor
    ) async throws -> NewKey {
        let now = clock.now
        let token = RandomToken(prefix: Self.prefix)
        let key = NewKey(id: SignInID(at: now), key: token.text, expiresAt: now.advanced(by: lifetime))
        return try await database.acting(as: actor).transaction { tx in
            // A super admin is no member here, and a key is a member's.
            let made = try await tx.run(
                """
                INSERT INTO sign_ins (id, user_id, medium, method, refresh_hash, address, organization_id, name, scopes,
                                      token_hint, created_at, expires_at)
                SELECT \(key.id), m.user_id, 'key', 'key', \(token.hash), app_address(), m.organization_id, \(name),
                       \(Array(Set(scopes)).sorted()), \(String(token.text.suffix(4))), \(now), \(key.expiresAt)
                FROM memberships m JOIN sign_ins s ON s.id = app_sign_in() AND s.ended_at IS NULL
                WHERE m.organization_id = app_org_id() AND m.user_id = app_user_id() AND m.left_at IS NULL
                -- Whatever ends either waits, and then ends the key too.
                FOR SHARE OF m, s
                """)
            guard made == 1 else { throw AccessError.notAMember }
            try await tx.run(idempotencyKey.keep(key, sealedWith: secrets, for: actor.user))
            return key
        }
    }

    /// - Throws: ``SignInError/noSuchThing``
    package func end(_ key: SignInID, as actor: Actor) async throws {
        let ended = try await database.acting(as: actor).run(
            """
            UPDATE sign_ins SET ended_at = \(clock.now)
            WHERE id = \(key) AND user_id = app_user_id() AND medium = 'key' AND organization_id = app_org_id()
              AND ended_at IS NULL
            """)
        guard ended == 1 else { throw SignInError.noSuchThing }
    }

    /// `nil` for what is no key of ours, or not any more.
    package func principal(of key: String) async throws -> Owner? {
        struct Known: Decodable {
            let id: SignInID
            let userId: UserID
            let scopes: [String]
        }
        guard key.hasPrefix(Self.prefix), key.utf8.count <= 128 else { return nil }
        let known = try await database.beforeSigningIn.row(
            "SELECT * FROM use_key(\(RandomToken.hash(of: key)))", as: Known.self)
        return known.map { Owner(principal: Principal(user: $0.userId, signIn: $0.id), scopes: Set($0.scopes)) }
    }
}
