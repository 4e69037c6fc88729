import Synchronization
import Values

/// How often one address, or one person, may ask anything at all: so much at once, and so much a second for ever.
///
/// In this process alone, and without the database: it keeps a flood off, and is no measure of guesses, which
/// sign-in counts for all servers together.
package final class RequestLimits: Sendable {
    private struct Bucket {
        var level: Double
        var filledAt: ContinuousClock.Instant
    }

    /// Buckets are looked through for full ones, which say nothing, when there are so many.
    private static let largestTable = 50_000

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter perSecond: 0 for no limit. A hundred times as many may come at once.
    package init(perSecond: Int) {
        self.perSecond = Double(perSecond)
        burst = Double(perSecond) * 100
    }

    /// - Parameter address: where the request comes from. This machine itself is not counted: a program on it has
    ///   quicker ways to do harm, and behind a proxy that was not named everybody would share one allowance.
    /// - Returns: `nil` to go on, or how long to wait.
    func wait(for address: String?, asking person: UserID? = nil) -> Duration? {
        let ip = address.flatMap(IPAddress.init)
        guard ip?.isLoopback != true else { return nil }
        return spend(person.map { "person/\($0)" } ?? "address/\(ip?.network ?? "")")
    }

    func spend(_ key: String, at now: ContinuousClock.Instant = .now) -> Duration? {
        guard perSecond > 0 else { return nil }
        return buckets.withLock { table in
            if table.count >= Self.largestTable { table = table.filter { level(of: $0.value, at: now) < burst } }
            let left = table[key].map { level(of: $0, at: now) } ?? burst
            guard left >= 1 else { return .seconds((1 - left) / perSecond) }
            table[key] = Bucket(level: left - 1, filledAt: now)
            return nil
        }
    }

    private func level(of bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.level + (now - bucket.filledAt) / .seconds(1) * perSecond)
    }
}
