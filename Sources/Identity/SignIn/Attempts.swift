import Access
import Crypto
import Foundation
package import Postgres
package import Values

/// Counts what can be guessed or abused, by address and by account, for all servers together.
///
/// An address has 30 guesses at passwords and gets one back every 20 s; at one account it has 5, and one a minute. An
/// account has 50, and one every 36 s. When those of an account are used up, an address that has not been wrong about
/// it still has one: nobody can lock the owner out by guessing. A right password gives back what it took.
package struct Attempts: Sendable {
    let database: Database
    let clock: any WallClock

    package init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What may be done only so often.
    package enum Limit: Sendable {
        /// A code of somebody's second factor: 5, and one a minute.
        case code(of: UserID)
        /// Mail to one address that anybody may ask for: 3, and one every 5 minutes.
        case mail(to: EmailAddress)
        /// Asking for such mail, or showing tokens that may be guessed: 20 from one address, and one every 15 s.
        case asking(from: String?)
        /// Setting out to sign in elsewhere, which comes back when somebody arrives: 60 from one address, and one every
        /// 5 s.
        case openIDStarts(from: String?)
        /// Invitations of one organization: 100, and one every 36 s.
        case invitations(of: OrganizationID)
        /// Trying an account at a provider: 10, and one every 10 s.
        case trials(of: OrganizationID)
    }

    /// One guess at an account's password.
    struct Guess: Sendable {
        fileprivate let account: String, origin: String
        fileprivate var buckets: [String] { ["origin/\(origin)", pair, "account/\(account)"] }
        /// The account and the network together.
        var pair: String { "pair/\(account)/\(origin)" }
    }

    /// - Parameter account: its address, or what ``EmailAddress/key(of:)`` made of what was typed.
    /// - Throws: ``SignInError/tooManyAttempts(after:)``
    func guess(at account: String, from address: String?) async throws -> Guess {
        let guess = Guess(account: Self.digest(account), origin: Self.network(of: address))
        let wait = try await database.beforeSigningIn.row(
            "SELECT guess(\(guess.account), \(guess.origin), \(clock.now))", as: Double.self)
        try check(wait)
        return guess
    }

    func wasRight(_ guess: Guess) async throws {
        try await database.beforeSigningIn.run("SELECT refund(\(guess.buckets))")
    }

    /// - Throws: ``SignInError/tooManyAttempts(after:)``
    package func spend(_ limit: Limit) async throws {
        let wait = try await database.beforeSigningIn.row(
            "SELECT spend(\(limit.bucket), \(limit.capacity), make_interval(secs => \(limit.refill)), \(clock.now))",
            as: Double.self)
        try check(wait)
    }

    func refund(_ limit: Limit) async throws {
        try await database.beforeSigningIn.run("SELECT refund(\([limit.bucket]))")
    }

    private func check(_ wait: Double?) throws {
        guard let wait, wait > 0 else { return }
        throw SignInError.tooManyAttempts(after: .seconds(max(1, Int(saturating: wait.rounded(.up)))))
    }

    /// Mail addresses are no business of a table of counters. What means one account is written in one way
    /// (``EmailAddress``) before it comes here.
    fileprivate static func digest(_ text: String) -> String {
        RandomToken.hash(of: text).prefix(16).hex
    }

    /// What one attacker has for free is one origin: an IPv4 address, or a /64 of IPv6.
    fileprivate static func network(of address: String?) -> String {
        guard let address else { return "unknown" }
        return IPAddress(address)?.network ?? "unknown"
    }
}

extension Attempts.Limit {
    fileprivate var bucket: String {
        switch self {
        case .code(let user): "code/\(user)"
        case .mail(let address): "mail/\(Attempts.digest(address.text))"
        case .asking(let address): "asking/\(Attempts.network(of: address))"
        case .openIDStarts(let address): "openIDStarts/\(Attempts.network(of: address))"
        case .invitations(let organization): "invitations/\(organization)"
        case .trials(let organization): "trials/\(organization)"
        }
    }

    fileprivate var capacity: Int {
        switch self {
        case .code: 5
        case .mail: 3
        case .asking: 20
        case .openIDStarts: 60
        case .invitations: 100
        case .trials: 10
        }
    }

    /// Seconds in which one comes back.
    fileprivate var refill: Double {
        switch self {
        case .code: 60
        case .mail: 300
        case .asking: 15
        case .openIDStarts: 5
        case .invitations: 36
        case .trials: 10
        }
    }
}
