import Crypto
import Foundation
package import Postgres
package import Values

/// Signs people in and out.
package struct SignInDesk: Sendable {
    let database: Database
    let passwords: Passwords
    let tokens: Tokens
    let clock: any WallClock

    package init(database: Database, passwords: Passwords, tokens: Tokens, clock: any WallClock) {
        self.database = database
        self.passwords = passwords
        self.tokens = tokens
        self.clock = clock
    }

    /// What somebody who has signed in takes away.
    package struct Pass: Sendable {
        package let holder: Tokens.Holder
        package let token: String
        package let lifetime: Duration
        /// For programs: exchanged once for the next pass.
        package let refreshToken: String?
    }

    /// How long a sign-in lasts without the password being asked for again.
    private static let signInLifetime = Duration.hours(24 * 14)

    /// - Throws: ``SignInError/wrongCredentials``, the same and after the same time whether the address is unknown
    ///   or the password wrong.
    package func signIn(email: String, password: String, through medium: Tokens.Medium) async throws -> Pass {
        struct Credentials: Decodable {
            let userId: UserID
            let hash: String
        }
        let known = try await database.beforeSigningIn.row(
            "SELECT * FROM password_of(\(email))", as: Credentials.self)
        guard await passwords.verify(password, against: known?.hash), let user = known?.userId else {
            throw SignInError.wrongCredentials
        }
        return try await open(for: user, through: medium)
    }

    /// A new pass for a program's refresh token. The token is used up by this.
    package func refresh(_ refreshToken: String) async throws -> Pass {
        struct Known: Decodable {
            let id: SignInID
            let userId: UserID
        }
        guard
            let known = try await database.beforeSigningIn.row(
                "SELECT * FROM sign_in_of(\(Self.hash(refreshToken)))", as: Known.self)
        else { throw SignInError.wrongCredentials }
        let next = Self.randomToken()
        let changed = try await database.signingIn(known.userId).run(
            """
            UPDATE sign_ins SET refresh_hash = \(Self.hash(next))
            WHERE id = \(known.id) AND refresh_hash = \(Self.hash(refreshToken)) AND ended_at IS NULL
            """)
        guard changed == 1 else { throw SignInError.wrongCredentials }
        return try await pass(for: known.id, of: known.userId, through: .program, refreshToken: next)
    }

    /// Ends one sign-in: its tokens are refused from the next request on. Twice is as good as once.
    package func signOut(_ holder: Tokens.Holder) async throws {
        try await database.signingIn(holder.user).run(
            "UPDATE sign_ins SET ended_at = \(clock.now) WHERE id = \(holder.signIn) AND ended_at IS NULL")
    }

    func open(for user: UserID, through medium: Tokens.Medium) async throws -> Pass {
        let now = clock.now
        let signIn = SignInID(at: now)
        let refreshToken = medium == .program ? Self.randomToken() : nil
        try await database.signingIn(user).run(
            """
            INSERT INTO sign_ins (id, user_id, medium, refresh_hash, created_at, expires_at)
            VALUES (\(signIn), \(user), \(medium.rawValue), \(refreshToken.map(Self.hash)), \(now),
                    \(now.advanced(by: Self.signInLifetime)))
            """)
        return try await pass(for: signIn, of: user, through: medium, refreshToken: refreshToken)
    }

    private func pass(
        for signIn: SignInID, of user: UserID, through medium: Tokens.Medium, refreshToken: String?
    ) async throws -> Pass {
        let holder = Tokens.Holder(user: user, signIn: signIn)
        return Pass(
            holder: holder, token: try await tokens.sign(holder, for: medium), lifetime: medium.lifetime,
            refreshToken: refreshToken)
    }

    private static func randomToken() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func hash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }
}

package enum SignInError: Error, Equatable {
    case wrongCredentials
}
