package import Foundation
package import Logging
import Values

/// A saga that this worker holds, until its lease ends.
package struct HeldSaga: Sendable {
    package let claim: Sagas.Claim
    /// Names the saga in each line.
    package let logger: Logger
    private let lanes: Lanes
    private let wakeup: Wakeup
    private let clock: any WallClock
    private let begun: Date

    init(_ claim: Sagas.Claim, lanes: Lanes, wakeup: Wakeup, clock: any WallClock, logger: Logger) {
        self.claim = claim
        self.lanes = lanes
        self.wakeup = wakeup
        self.clock = clock
        begun = clock.now
        var logger = logger
        logger[metadataKey: "saga_id"] = "\(claim.id.uuidString.lowercased())"
        self.logger = logger
    }

    /// The database's time: that of the claim, and what has passed here since. A clock here that is wrong, or set
    /// meanwhile, moves it by no more than a lease.
    package var now: Date {
        let passed = clock.now.timeIntervalSince(begun)
        return claim.claimedAt.addingTimeInterval(min(max(passed, 0), Sagas.lease / .seconds(1)))
    }

    /// Notes whether the account that the saga waits for answers. One that does not is left alone for a while.
    package func note(isAnswered: Bool) {
        guard lanes.note(isAnswered: isAnswered, in: claim.lane, at: clock.now) else { return }
        logger.notice(
            isAnswered ? "a provider answers again" : "a provider does not answer, and is left alone for a while",
            metadata: ["account": "\(claim.lane)"])
        if isAnswered { wakeup.signal() }
    }
}
