import ServiceLifecycle
import Values

/// Something that is due, taken by this worker; it takes up room in its lane until the work on it is over.
protocol LanedClaim: Sendable {
    var lane: String { get }
}

/// Takes what is due for as long as there is room, and works on it. Looks again at each signal, whenever a full lane has
/// room again, and every half second without either.
struct ClaimLoop<Claim: LanedClaim>: Sendable {
    let lanes: Lanes
    let wakeup: Wakeup
    let clock: any WallClock
    /// Done before each look.
    var prepare: @Sendable () async -> Void = {}
    /// Never more than the lanes have room for; none when the database does not answer.
    let claim: @Sendable () async -> [Claim]
    let work: @Sendable (Claim) async -> Void

    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await wakeup.signal(every: .milliseconds(500), on: clock) }
            for await _ in wakeup.signals.cancelOnGracefulShutdown() {
                await prepare()
                while case let claims = await claim(), !claims.isEmpty { begin(claims, in: &group) }
            }
            // What has begun may finish: the answer to a call that is broken off is lost.
        }
    }

    /// Works on everything that is due now, and returns when it is done: what a test calls in place of ``run()``.
    func runDue() async {
        await prepare()
        while case let claims = await claim(), !claims.isEmpty {
            await withDiscardingTaskGroup { begin(claims, in: &$0) }
        }
    }

    private func begin(_ claims: [Claim], in group: inout DiscardingTaskGroup) {
        for claim in claims {
            lanes.take(in: claim.lane)
            group.addTask {
                await work(claim)
                if lanes.giveBack(in: claim.lane) { wakeup.signal() }
            }
        }
    }
}
