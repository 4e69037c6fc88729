package import Access
package import Durable
import Foundation
package import Postgres
package import Secrets
package import Values

/// The second factor of people who have switched it on: an authenticator app, and recovery codes on paper.
package struct SecondFactors: Sendable {
    let database: Database
    let limits: RateLimits
    let secrets: SecretBox
    let clock: any WallClock

    package init(database: Database, limits: RateLimits, secrets: SecretBox, clock: any WallClock) {
        self.database = database
        self.limits = limits
        self.secrets = secrets
        self.clock = clock
    }

    /// What an authenticator app is told to begin with. Shown until the first right code, and never again.
    package struct Setup: Sendable {
        let password: OneTimePassword
        let email: String

        /// `otpauth://…`, for a QR code.
        package var uri: String { password.uri(for: email) }
        /// The same secret for typing in.
        package var typed: String { password.typed }
    }

    package struct State: Codable, Sendable {
        package let isOn: Bool
        package let recoveryCodesLeft: Int
    }

    package func state(as person: Person) async throws -> State {
        let state = try await database.acting(as: person).row(
            """
            SELECT EXISTS (SELECT FROM user_totp WHERE user_id = app_user_id() AND confirmed_at IS NOT NULL) AS is_on,
                   (SELECT count(*) FROM recovery_codes WHERE user_id = app_user_id() AND used_at IS NULL)
                       AS recovery_codes_left
            """, as: State.self)
        return state ?? State(isOn: false, recoveryCodesLeft: 0)
    }

    /// Begins, or begins again while it is not on.
    /// - Throws: ``SignInError/secondFactorState`` when it is on.
    package func begin(key: IdempotencyKey<Setup> = .absent, as person: Person) async throws -> Setup {
        let password = OneTimePassword()
        let sealed = try secrets.seal(password.secret, for: Self.context(of: person.user))
        return try await database.acting(as: person).transaction { tx in
            let begun = try await tx.run(
                """
                INSERT INTO user_totp AS t (user_id, secret) VALUES (app_user_id(), \(sealed))
                ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = now()
                    WHERE t.confirmed_at IS NULL
                """)
            guard begun == 1 else { throw SignInError.secondFactorState }
            let email = try await tx.row("SELECT email FROM users WHERE id = app_user_id()", as: String.self)
            let setup = Setup(password: password, email: email ?? "")
            try await tx.run(key.keep(setup, sealedWith: secrets, for: person.user))
            return setup
        }
    }

    /// Switches it on with the first right code, and hands the recovery codes out. Other sign-ins and keys end: they were
    /// made without it.
    /// - Returns: ten codes, shown this once.
    /// - Throws: ``SignInError/wrongCode``, ``SignInError/secondFactorState``,
    ///   ``RateLimitReached``
    package func switchOn(with code: String, mail: SQL, as person: Person) async throws -> [String] {
        try await limits.spend(.code(of: person.user))
        let kept = try await database.acting(as: person).row(Self.kept, as: Kept.self)
        guard let kept, !kept.isOn else { throw SignInError.secondFactorState }
        let password = OneTimePassword(secret: try secrets.open(kept.secret, for: Self.context(of: person.user)))
        guard let step = password.matches(code, at: clock.now, after: nil) else { throw SignInError.wrongCode }
        let codes = RecoveryCodes()
        try await database.acting(as: person).transaction { tx in
            let confirmed = try await tx.run(
                """
                UPDATE user_totp SET confirmed_at = \(clock.now), last_step = \(step)
                WHERE user_id = app_user_id() AND confirmed_at IS NULL AND secret = \(kept.secret)
                """)
            guard confirmed == 1 else { throw SignInError.secondFactorState }
            try await tx.run(
                Self.replaceCodes(codes) + OwnSignIns.ending(keepingThis: true, at: clock.now) + [mail])
        }
        try await limits.refund(.code(of: person.user))
        return codes.texts
    }

    /// - Throws: ``SignInError/secondFactorState`` when it is off.
    package func switchOff(mail: SQL, as person: Person) async throws {
        try await database.acting(as: person).transaction { tx in
            let gone = try await tx.run(
                "DELETE FROM user_totp WHERE user_id = app_user_id() AND confirmed_at IS NOT NULL")
            guard gone == 1 else { throw SignInError.secondFactorState }
            try await tx.run(["DELETE FROM recovery_codes WHERE user_id = app_user_id()", mail])
        }
    }

    /// New recovery codes in place of all that are left.
    /// - Throws: ``SignInError/secondFactorState`` when it is off.
    package func renewCodes(as person: Person) async throws -> [String] {
        guard try await state(as: person).isOn else { throw SignInError.secondFactorState }
        let codes = RecoveryCodes()
        try await database.acting(as: person).atomically(Self.replaceCodes(codes))
        return codes.texts
    }

    /// Takes a code of the app or a recovery code, each only once.
    /// - Throws: ``SignInError/wrongCode``, ``RateLimitReached``
    func check(_ code: String, of user: UserID) async throws {
        try await limits.spend(.code(of: user))
        guard try await isRight(code, of: user) else { throw SignInError.wrongCode }
        try await limits.refund(.code(of: user))
    }

    private func isRight(_ code: String, of user: UserID) async throws -> Bool {
        if let hash = RecoveryCodes.hash(of: code) {
            return try await database.signingIn(user).run(
                """
                UPDATE recovery_codes SET used_at = \(clock.now)
                WHERE user_id = \(user) AND code_hash = \(hash) AND used_at IS NULL
                """) == 1
        }
        let kept = try await database.signingIn(user).row(Self.kept, as: Kept.self)
        guard let kept, kept.isOn else { return false }
        let password = OneTimePassword(secret: try secrets.open(kept.secret, for: Self.context(of: user)))
        guard let step = password.matches(code, at: clock.now, after: kept.lastStep) else { return false }
        return try await database.signingIn(user).run(
            """
            UPDATE user_totp SET last_step = \(step)
            WHERE user_id = \(user) AND (last_step IS NULL OR last_step < \(step))
            """) == 1
    }

    private struct Kept: Decodable {
        let secret: Data
        let isOn: Bool
        let lastStep: Int?
    }

    private static let kept: SQL =
        "SELECT secret, confirmed_at IS NOT NULL AS is_on, last_step FROM user_totp WHERE user_id = app_user_id()"

    private static func replaceCodes(_ codes: RecoveryCodes) -> [SQL] {
        ["DELETE FROM recovery_codes WHERE user_id = app_user_id()"]
            + codes.hashes.map {
                "INSERT INTO recovery_codes (user_id, code_hash) VALUES (app_user_id(), \($0))"
            }
    }

    private static func context(of user: UserID) -> SecretContext { SecretContext("user_totp", "secret", of: user) }
}
