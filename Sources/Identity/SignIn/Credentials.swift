package import Access
import Foundation
package import Postgres
package import Values

/// What a person signs in with, and changes themselves: the password and the second factor. Each change asks for the
/// present password, or for a sign-in of the last ten minutes where there is none or it is forgotten, and is told by
/// mail.
package struct Credentials: Sendable {
    let database: Database
    let service: SignInService
    let rules: PasswordRules
    let secondFactors: SecondFactors
    let mailer: any AccountMailer
    let clock: any WallClock

    package init(
        database: Database, service: SignInService, rules: PasswordRules, secondFactors: SecondFactors,
        mailer: any AccountMailer, clock: any WallClock
    ) {
        self.database = database
        self.service = service
        self.rules = rules
        self.secondFactors = secondFactors
        self.mailer = mailer
        self.clock = clock
    }

    /// Sets another password. All other sign-ins end, and all API keys.
    /// - Throws: ``PasswordWeakness``; ``SignInError/wrongPassword``, ``SignInError/tooLongAgo``
    package func change(password: String, current: String?, as person: Person) async throws {
        let account = try await prove(current, as: person)
        let owner = PasswordRules.Owner(
            name: account.name, email: account.email, organizations: account.organizations)
        if let weakness = rules.weakness(of: password, chosenBy: owner) { throw weakness }
        let hash = try await service.passwords.hash(password)
        let mail = try await mailer.post(
            .passwordChanged(at: clock.now, address: person.address), to: account.email, of: nil)
        try await database.acting(as: person).atomically(
            [
                """
                INSERT INTO user_passwords (user_id, hash) VALUES (app_user_id(), \(hash))
                ON CONFLICT (user_id) DO UPDATE SET hash = \(hash), updated_at = \(clock.now)
                """
            ] + OwnSignIns.ending(keepingThis: true, at: clock.now) + [mail])
    }

    /// See ``SecondFactors/begin(key:as:)``.
    package func beginSecondFactor(
        current: String?, key: IdempotencyKey<SecondFactors.Setup> = .absent, as person: Person
    ) async throws -> SecondFactors.Setup {
        _ = try await prove(current, as: person)
        return try await secondFactors.begin(key: key, as: person)
    }

    /// See ``SecondFactors/switchOn(with:mail:as:)``.
    package func switchSecondFactorOn(with code: String, as person: Person) async throws -> [String] {
        let account = try await account(person)
        return try await secondFactors.switchOn(
            with: code, mail: try await mail(isOn: true, to: account, person), as: person)
    }

    package func switchSecondFactorOff(current: String?, as person: Person) async throws {
        let account = try await prove(current, as: person)
        try await secondFactors.switchOff(mail: try await mail(isOn: false, to: account, person), as: person)
    }

    package func renewRecoveryCodes(current: String?, as person: Person) async throws -> [String] {
        _ = try await prove(current, as: person)
        return try await secondFactors.renewCodes(as: person)
    }

    private struct Account: Decodable {
        let name: String
        let email: String
        let organizations: [String]
        /// Signed in within the last ten minutes by something other than the password.
        let isFresh: Bool
    }

    private func prove(_ current: String?, as person: Person) async throws -> Account {
        let account = try await account(person)
        guard let current else {
            guard account.isFresh else { throw SignInError.tooLongAgo }
            return account
        }
        let owner = try await service.guesses.take(at: account.email, from: person.address) { guess in
            try await service.owner(of: current, at: account.email, after: guess)
        }
        guard owner?.user == person.user else { throw SignInError.wrongPassword }
        return account
    }

    private func account(_ person: Person) async throws -> Account {
        let account = try await database.acting(as: person).row(
            """
            SELECT u.name, u.email,
                   ARRAY(SELECT o.name FROM memberships m JOIN organizations o ON o.id = m.organization_id
                         WHERE m.user_id = u.id AND m.left_at IS NULL) AS organizations,
                   EXISTS (SELECT FROM sign_ins s
                           WHERE s.id = app_sign_in() AND s.method <> 'password'
                             AND s.created_at > \(clock.now.advanced(by: .zero - .minutes(10)))) AS is_fresh
            FROM users u WHERE u.id = app_user_id()
            """, as: Account.self)
        guard let account else { throw AccessError.signedOut }
        return account
    }

    private func mail(isOn: Bool, to account: Account, _ person: Person) async throws -> SQL {
        try await mailer.post(
            .secondFactorChanged(isOn: isOn, at: clock.now, address: person.address), to: account.email, of: nil)
    }
}
