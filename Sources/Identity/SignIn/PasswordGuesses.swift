import Access
import Durable
import Foundation
package import Postgres
package import Values

/// Counts guesses at passwords, by address and by account, for all servers together.
///
/// An address has 30 guesses and gets one back every 20 s; at one account it has 5, and one a minute. An account has 50,
/// and one every 36 s. When those of an account are used up, an address that has not been wrong about it still has one:
/// nobody can lock the owner out by guessing. A right password gives back what it took.
package struct PasswordGuesses: Sendable {
    private let database: ActorDatabase
    private let clock: any WallClock
    private let turns = Turns(places: 16)

    package init(database: Database, clock: any WallClock) {
        self.database = database.beforeSigningIn
        self.clock = clock
    }

    /// One guess at an account's password.
    struct Guess: Sendable {
        fileprivate let account: String, origin: String
        fileprivate var buckets: [String] { ["origin/\(origin)", pair, "account/\(account)"] }
        /// The account and the network together.
        var pair: String { "pair/\(account)/\(origin)" }
    }

    /// - Parameter account: its address, or what ``EmailAddress/key(of:)`` made of what was typed.
    /// - Throws: ``RateLimitReached``
    func take(at account: String, from address: String?) async throws -> Guess {
        let guess = Guess(account: RateLimit.digest(account), origin: RateLimit.network(of: address))
        let wait = try await database.row(
            "SELECT guess(\(guess.account), \(guess.origin), \(clock.now))", as: Double.self)
        try RateLimits.check(wait: wait)
        return guess
    }

    /// Has one guess looked at, and gives back what it took when it was right. Those from one network at one account are
    /// looked at one after the other: of right ones any number may come at once.
    /// - Parameter look: whose password it is; `nil`: it was wrong.
    /// - Throws: ``RateLimitReached``; ``SignInError/busy`` when too many wait for their turn.
    func take<Owner: Sendable>(
        at account: String, from address: String?, _ look: (Guess) async throws -> Owner?
    ) async throws -> Owner? {
        try await turns.take(for: "\(account) \(RateLimit.network(of: address))") {
            let guess = try await take(at: account, from: address)
            guard let owner = try await look(guess) else { return nil }
            try await wasRight(guess)
            return owner
        }
    }

    func wasRight(_ guess: Guess) async throws {
        try await database.run("SELECT refund(\(guess.buckets))")
    }
}
