package import Foundation
import Logging
package import Postgres
import ServiceLifecycle
import Values

/// What is done about sagas of some kinds. ``SagaRunner`` takes them up, and gives them back when it failed.
package protocol SagaWork: Sendable {
    /// As `sagas.kind` has them.
    var kinds: [String] { get }

    /// Does what the saga says until there is nothing to do now, and writes down what came of it. Whatever is thrown is
    /// tried again: soon when it passes by itself, and else for a while later each time.
    func advance(_ saga: HeldSaga) async throws

    /// Workers have died of it or failed at it too often: nothing of it is to be tried again.
    func setAside(_ saga: HeldSaga) async throws

    /// What is written when not even that succeeds.
    func abandon(_ saga: HeldSaga) -> [SQL]
}

/// Works on sagas that are due. Any number of runners may, in any number of processes: each saga is held by one of them,
/// for as long as its lease lasts.
package struct SagaRunner: Service {
    private let work: any SagaWork
    private let background: Background
    private let wakeup: Wakeup
    /// What is at work at once in this process. A provider that hangs holds the permits of its own accounts, for 15
    /// seconds each.
    private let lanes = Lanes(permits: 32, total: 512)

    package init(_ work: some SagaWork, in background: Background, wakeup: Wakeup = Wakeup()) {
        self.work = work
        self.background = background
        self.wakeup = wakeup
    }

    package func run() async throws { await loop.run() }

    /// Works on everything that is due now, and returns when it is done: what a test calls in place of ``run()``.
    package func runDue() async { await loop.runDue() }

    /// Works on one saga for as long as it is due, and on no other: for who knows that nobody else does.
    /// - Throws: `PostgresError` when it could not be claimed.
    package func runDue(_ id: UUID) async throws {
        while let claim = try await background.database.row(Sagas.claim(id), as: Sagas.Claim.self) {
            await work(on: claim)
        }
    }

    private var loop: ClaimLoop<Sagas.Claim> {
        ClaimLoop(lanes: lanes, wakeup: wakeup, clock: background.clock, claim: claim, work: work)
    }

    private func claim() async -> [Sagas.Claim] {
        let limit = min(lanes.room, 64)
        guard limit > 0 else { return [] }
        do {
            let claims = try await background.database.rows(
                Sagas.claim(
                    kinds: work.kinds, rooms: lanes.rooms(at: background.clock.now), usual: lanes.permits, limit: limit),
                as: Sagas.Claim.self)
            if !claims.isEmpty { FailPoint.claimed.reach() }
            return claims
        } catch {
            background.logger.warning("no sagas could be claimed", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func work(on claim: Sagas.Claim) async {
        let saga = HeldSaga(claim, lanes: lanes, wakeup: wakeup, clock: background.clock, logger: background.logger)
        do {
            if claim.isHopeless {
                saga.logger.error("a saga is set aside: it came to nothing \(claim.claims - 1) times")
                try await work.setAside(saga)
            } else {
                try await work.advance(saga)
            }
        } catch let error as PostgresError where error.refusal?.code == Sagas.lost {
            saga.logger.info("the saga was taken over")
        } catch let error as PostgresError where error.isPassing {
            saga.logger.warning("a saga is begun again where it was last written", metadata: ["error": "\(error)"])
            try? await background.database.uncancelled([Sagas.giveBack(claim)])
        } catch {
            saga.logger.error("a saga could not be moved on", metadata: ["error": "\(error)"])
            await giveBackFailed(saga)
        }
    }

    /// Tries again later, and later each time. Where even setting it aside fails somebody is told all the same.
    private func giveBackFailed(_ saga: HeldSaga) async {
        let claim = saga.claim
        let wait: Duration = claim.isHopeless ? .minutes(10) : .seconds(1 << min(max(claim.claims, 0), 6))
        do {
            try await background.database.uncancelled(
                [Sagas.giveBackFailed(claim, after: wait)] + (claim.isHopeless ? work.abandon(saga) : []))
        } catch {
            saga.logger.warning("a saga could not be given back", metadata: ["error": "\(error)"])
        }
    }
}
