package import Access
package import Postgres
package import Values

/// What may be done only so often: up to `capacity` at once, and one more whenever `refill` has passed.
package struct RateLimit: Sendable {
    let bucket: String
    let capacity: Int
    let refill: Duration

    /// - Parameters:
    ///   - bucket: what is counted and of whom, such as `code/` and a user's ID. It tells nothing that an ID would not:
    ///     the table is no place for addresses.
    ///   - refill: at most what 24 hours fill again, since a bucket is forgotten then.
    package init(_ bucket: String, _ capacity: Int, refill: Duration) {
        self.bucket = bucket
        self.capacity = capacity
        self.refill = refill
    }

    /// What one attacker has for free counts as one: an IPv4 address, or a /64 of IPv6.
    package static func network(of address: String?) -> String {
        address.flatMap(IPAddress.init)?.network ?? "unknown"
    }
}

/// Counts what can be guessed or abused, for all servers together. Each context says beside its own work what its
/// limits are, as an extension of ``RateLimit``.
package struct RateLimits: Sendable {
    private let database: ActorDatabase
    private let clock: any WallClock

    /// - Parameter database: as `convene_app`.
    package init(database: Database, clock: any WallClock) {
        self.database = database.beforeSigningIn
        self.clock = clock
    }

    /// - Throws: ``RateLimitReached``
    package func spend(_ limit: RateLimit) async throws {
        let wait = try await database.row(
            "SELECT spend(\(limit.bucket), \(limit.capacity), \(limit.refill)::interval, \(clock.now))",
            as: Double.self)
        try Self.check(wait: wait)
    }

    /// Gives back what a right attempt took.
    package func refund(_ limit: RateLimit) async throws {
        try await database.run("SELECT refund(\([limit.bucket]))")
    }

    /// - Parameter wait: in seconds; 0 or less when the attempt was taken.
    /// - Throws: ``RateLimitReached``
    package static func check(wait: Double?) throws(RateLimitReached) {
        guard let wait, wait > 0 else { return }
        throw RateLimitReached(wait: .seconds(max(1, Int(saturating: wait.rounded(.up)))))
    }
}
