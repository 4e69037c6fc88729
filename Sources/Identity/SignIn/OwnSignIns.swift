package import Access
package import Foundation
package import Postgres
package import Values

/// Where a person is signed in, as they see it themselves.
package struct OwnSignIns: Sendable {
    let database: Database
    let clock: any WallClock

    package init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    package struct SignIn: Codable, Sendable {
        package let id: SignInID
        package let medium: Tokens.Medium
        /// `password`, `link`, `invitation` or `oidc:` and the issuer.
        package let method: String
        package let address: String?
        package let agent: String?
        package let createdAt: Date
        package let lastSeenAt: Date?
        package let expiresAt: Date
        package let isCurrent: Bool
    }

    /// Those that hold, the latest first.
    package func list(as person: Person) async throws -> [SignIn] {
        try await database.acting(as: person).rows(
            """
            SELECT id, medium, method, host(address) AS address, agent, created_at, last_seen_at, expires_at,
                   id = app_sign_in() AS is_current
            FROM sign_ins
            WHERE medium <> 'key' AND ended_at IS NULL AND expires_at > now() AND NOT needs_second_factor
            ORDER BY id = app_sign_in() DESC, coalesce(last_seen_at, created_at) DESC LIMIT 200
            """)
    }

    /// - Throws: ``SignInError/noSuchThing``
    package func end(_ signIn: SignInID, as person: Person) async throws {
        let ended = try await database.acting(as: person).run(
            """
            UPDATE sign_ins SET ended_at = \(clock.now)
            WHERE id = \(signIn) AND user_id = app_user_id() AND medium <> 'key' AND ended_at IS NULL
            """)
        guard ended == 1 else { throw SignInError.noSuchThing }
    }

    /// Ends every sign-in, of browsers and of programs, and every key in every organization.
    /// - Parameter keepingThis: leaves out the one that asks.
    package func endAll(keepingThis: Bool, as person: Person) async throws {
        try await database.acting(as: person).atomically(Self.ending(keepingThis: keepingThis, at: clock.now))
    }

    /// Ends them with all that they could still lead to: half sign-ins, keys, mailed links, accounts being linked.
    static func ending(keepingThis: Bool, at now: Date) -> [SQL] {
        [
            // First, so that a key that one of them is just making is there to be ended by the next statement.
            "SELECT FROM sign_ins WHERE user_id = app_user_id() AND ended_at IS NULL ORDER BY id FOR UPDATE",
            """
            UPDATE sign_ins SET ended_at = \(now)
            WHERE user_id = app_user_id() AND ended_at IS NULL AND NOT (\(keepingThis) AND id = app_sign_in())
            """,
            "SELECT forget_ways_in()",
        ]
    }

    /// Remembers that the person was here just now, to the nearest five minutes.
    package func touch(as person: Person) async throws {
        try await database.acting(as: person).run(
            """
            UPDATE sign_ins SET last_seen_at = \(clock.now)
            WHERE id = app_sign_in() AND last_seen_at < \(clock.now.advanced(by: .zero - .minutes(5)))
            """)
    }
}
