package import Access
package import Foundation
package import Postgres
package import Values

/// Signs people in and out.
package struct SignInService: Sendable {
    let database: Database
    let passwords: Passwords
    let tokens: Tokens
    let guesses: PasswordGuesses
    let secondFactors: SecondFactors
    let mailer: any AccountMailer
    let clock: any WallClock
    private let familiars = KnownAddresses()

    package init(
        database: Database, passwords: Passwords, tokens: Tokens, guesses: PasswordGuesses,
        secondFactors: SecondFactors, mailer: any AccountMailer, clock: any WallClock
    ) {
        self.database = database
        self.passwords = passwords
        self.tokens = tokens
        self.guesses = guesses
        self.secondFactors = secondFactors
        self.mailer = mailer
        self.clock = clock
    }

    /// What somebody who has signed in takes away.
    package struct IssuedTokens: Sendable {
        package let principal: Principal
        package let token: String
        package let lifetime: Duration
        /// For programs: exchanged once for the next pass.
        package let refreshToken: String?
        /// The second factor is still to be shown: nothing else can be done with it until then.
        package let needsSecondFactor: Bool
    }

    /// How somebody has proved who they are.
    package enum Method: Sendable {
        /// - Parameter setAt: since when the password is the one that was shown.
        case password(setAt: Date)
        case link, invitation
        /// Through an OpenID Connect issuer.
        case openID(issuer: String)

        var name: String {
            switch self {
            case .password: "password"
            case .link: "link"
            case .invitation: "invitation"
            case .openID(let issuer): "oidc:\(issuer)"
            }
        }
    }

    /// How long a sign-in lasts without the password being asked for again.
    private static let signInLifetime = Duration.hours(24 * 14)
    /// How long the second factor may take.
    private static let halfLifetime = Duration.minutes(10)

    /// By password, and with `code` by the second factor at once.
    /// - Throws: ``SignInError/wrongCredentials``, the same and after the same time whether the address is unknown
    ///   or the password wrong; ``RateLimitReached``; ``SignInError/busy``.
    package func signIn(
        email: String, password: String, code: String? = nil, through medium: Tokens.Medium, from origin: ClientInfo
    ) async throws -> IssuedTokens {
        let email = EmailAddress.key(of: email)
        let known = try await guesses.take(at: email, from: origin.address) { guess in
            try await owner(of: password, at: email, after: guess)
        }
        guard let known else { throw SignInError.wrongCredentials }
        let issued = try await open(for: known.user, by: .password(setAt: known.setAt), through: medium, from: origin)
        guard issued.needsSecondFactor, let code else { return issued }
        return try await complete(issued, with: code)
    }

    /// Shows the second factor for a sign-in that is half done.
    /// - Throws: ``SignInError/wrongCode``; ``RateLimitReached``; ``AccessError/signedOut`` when it
    ///   took longer than ten minutes.
    package func complete(_ principal: Principal, with code: String) async throws {
        try await secondFactors.check(code, of: principal.user)
        let changed = try await database.signingIn(principal.user).run(
            """
            UPDATE sign_ins SET needs_second_factor = false, expires_at = \(clock.now.advanced(by: Self.signInLifetime))
            WHERE id = \(principal.signIn) AND needs_second_factor AND ended_at IS NULL AND expires_at > now()
            """)
        guard changed == 1 else { throw AccessError.signedOut }
    }

    /// A new pass for a program's refresh token. The token is used up by this; shown again, it ends the sign-in, since
    /// two now have it.
    package func refresh(_ refreshToken: String) async throws -> IssuedTokens {
        struct Known: Decodable {
            let id: SignInID
            let userId: UserID
        }
        let next = RandomToken()
        let known = try await database.beforeSigningIn.row(
            "SELECT * FROM exchange_refresh_token(\(RandomToken.hash(of: refreshToken)), \(next.hash))",
            as: Known.self)
        guard let known else { throw SignInError.wrongCredentials }
        return try await issued(
            for: Principal(user: known.userId, signIn: known.id), through: .program, refreshToken: next.text,
            needsSecondFactor: false)
    }

    /// Ends one sign-in: its tokens are refused from the next request on. Idempotent.
    package func signOut(_ principal: Principal) async throws {
        try await database.signingIn(principal.user).run(
            "UPDATE sign_ins SET ended_at = \(clock.now) WHERE id = \(principal.signIn) AND ended_at IS NULL")
    }

    /// For somebody who has proved who they are by `method`. They are told by mail when it is from an address that they
    /// have not signed in from before.
    /// - Throws: ``SignInError/wrongCredentials`` when another password was set since it was looked at.
    func open(
        for user: UserID, by method: Method, through medium: Tokens.Medium, from origin: ClientInfo
    ) async throws -> IssuedTokens {
        let now = clock.now
        let principal = Principal(user: user, signIn: SignInID(at: now))
        let refreshToken = medium == .program ? RandomToken() : nil
        // Whoever changes the password waits for this lock and then ends this sign-in too, or was first and is seen here.
        let passwordHolds: SQL =
            if case .password(let setAt) = method {
                """
                (SELECT EXISTS (SELECT FROM user_passwords p
                                WHERE p.user_id = \(user) AND p.updated_at = \(setAt) FOR SHARE))
                """
            } else { "true" }
        let opened = try await database.signingIn(user, from: origin.address).row(
            """
            INSERT INTO sign_ins (id, user_id, medium, method, refresh_hash, address, agent, needs_second_factor,
                                  created_at, last_seen_at, expires_at)
            SELECT \(principal.signIn), \(user), \(medium.rawValue), \(method.name), \(refreshToken?.hash),
                   \(origin.address)::inet, \(origin.agent), half, \(now), \(now),
                   CASE WHEN half THEN \(now.advanced(by: Self.halfLifetime))::timestamptz
                        ELSE \(now.advanced(by: Self.signInLifetime)) END
            FROM (SELECT EXISTS (SELECT FROM user_totp t
                                 WHERE t.user_id = \(user) AND t.confirmed_at IS NOT NULL) AS half) f
            WHERE \(passwordHolds)
            RETURNING needs_second_factor, (SELECT email FROM users WHERE id = \(user)) AS email,
                      -- Both look at what was there before this row.
                      EXISTS (SELECT FROM sign_ins WHERE user_id = \(user) AND address IS NOT NULL)
                      AND NOT EXISTS (SELECT FROM sign_ins WHERE user_id = \(user) AND address = \(origin.address)::inet)
                          AS is_unfamiliar
            """, as: Opened.self)
        guard let opened else { throw SignInError.wrongCredentials }
        if opened.isUnfamiliar, let address = origin.address {
            try await tell(opened.email, user, of: address, origin.agent, at: now)
        }
        return try await issued(
            for: principal, through: medium, refreshToken: refreshToken?.text,
            needsSecondFactor: opened.needsSecondFactor)
    }

    private struct Opened: Decodable {
        let needsSecondFactor: Bool
        let email: String
        let isUnfamiliar: Bool
    }

    private func tell(_ email: String, _ user: UserID, of address: String, _ agent: String?, at now: Date) async throws
    {
        let mail = try await mailer.post(
            .unfamiliarSignIn(at: now, address: address, agent: agent), to: email, of: nil)
        try await database.signingIn(user, from: address).run(mail)
    }

    /// Somebody who knows their password.
    struct Owner: Sendable {
        let user: UserID
        /// Since when it is that one.
        let setAt: Date
    }

    /// Whose password it is. As long for an address that nobody has as for a wrong password.
    /// - Throws: ``SignInError/busy``; then the guess was none.
    func owner(of password: String, at email: String, after guess: PasswordGuesses.Guess) async throws -> Owner? {
        struct Credentials: Decodable {
            let userId: UserID
            let hash: String
            let setAt: Date
        }
        let known = try await database.beforeSigningIn.row(
            "SELECT * FROM password_of(\(email))", as: Credentials.self)
        let isRight: Bool
        do {
            isRight = try await passwords.verify(
                password, against: known?.hash, isFamiliar: familiars.contains(guess.pair))
        } catch {
            try await guesses.wasRight(guess)
            throw error
        }
        guard isRight else { return nil }
        familiars.remember(guess.pair)
        return known.map { Owner(user: $0.userId, setAt: $0.setAt) }
    }

    private func complete(_ issued: IssuedTokens, with code: String) async throws -> IssuedTokens {
        do {
            try await complete(issued.principal, with: code)
        } catch {
            try await signOut(issued.principal)
            throw error
        }
        return IssuedTokens(
            principal: issued.principal, token: issued.token, lifetime: issued.lifetime,
            refreshToken: issued.refreshToken,
            needsSecondFactor: false)
    }

    private func issued(
        for principal: Principal, through medium: Tokens.Medium, refreshToken: String?, needsSecondFactor: Bool
    ) async throws -> IssuedTokens {
        IssuedTokens(
            principal: principal, token: try await tokens.sign(principal, for: medium), lifetime: medium.lifetime,
            refreshToken: refreshToken, needsSecondFactor: needsSecondFactor)
    }
}

package enum SignInError: Error, Equatable {
    case wrongCredentials
    /// A code of the second factor that is wrong, too old or was used before.
    case wrongCode
    /// Too many passwords are being looked at. Soon there will be fewer.
    case busy
    /// The link is used up, too old, or none of ours.
    case linkGone
    /// The password is not what the signed-in person has now.
    case wrongPassword
    /// An own sign-in, key or second factor that there is not.
    case noSuchThing
    /// What is asked needs a sign-in of the last ten minutes, or the password.
    case tooLongAgo
    /// The second factor is on already, or was not begun.
    case secondFactorState
}
