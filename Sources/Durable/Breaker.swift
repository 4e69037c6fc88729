import Foundation
import Values

/// Whether an account is worth asking. After some calls in a row that nobody answered in time it opens, and nothing is
/// asked for a while; then one call at a time finds out whether it is well again.
struct Breaker: Sendable {
    static let limit = 5
    static let pause = Duration.seconds(30)

    private var unanswered = 0
    private var openedAt: Date?

    init() {}

    var isOpen: Bool { openedAt != nil }

    /// How many calls more may begin.
    /// - Parameters:
    ///   - permits: how many may be at work at once while all is well.
    ///   - busy: how many are.
    func room(of permits: Int, busy: Int, at now: Date) -> Int {
        guard let openedAt else { return max(0, permits - busy) }
        // Either way: a clock that was set back asks early rather than not for long.
        guard now.timeIntervalSince(openedAt).magnitude >= Self.pause / .seconds(1) else { return 0 }
        return busy == 0 ? 1 : 0
    }

    mutating func answered() {
        (unanswered, openedAt) = (0, nil)
    }

    mutating func wentUnanswered(at now: Date) {
        unanswered += 1
        if unanswered >= Self.limit { openedAt = now }
    }
}
