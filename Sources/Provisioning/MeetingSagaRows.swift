import Durable
package import Foundation
package import Meetings
package import Postgres
package import Values

// How a host asks for its meeting, asks again, and asks no more: statements for its own transactions.
extension MeetingSaga {
    /// In the transaction that makes the host.
    package static func begin(
        for host: UUID, kind: String, at provider: ProviderName, _ reconciliation: Reconciliation, now: Date
    ) -> SQL {
        let saga = MeetingSaga(provider: provider, reconciliation: reconciliation, generation: 1, at: now)
        return Sagas.start(host, kind: kind, state: saga.state.rawValue, document: saga, at: now)
    }

    /// For a host that failed to get one; refuses with `Sagas.inOtherState` when it did not.
    /// - Parameter generation: one more than before.
    package static func beginAgain(
        for host: UUID, at provider: ProviderName, _ reconciliation: Reconciliation, generation: Int, now: Date
    ) -> SQL {
        let saga = MeetingSaga(provider: provider, reconciliation: reconciliation, generation: generation, at: now)
        return Sagas.restart(
            host, from: State.failed.rawValue, state: saga.state.rawValue, document: saga, at: now)
    }

    /// Takes the saga from whoever holds it: that worker's next write finds another fence.
    /// - Returns: what is to be written of it in the same transaction; `nil` when there is no saga that can be read.
    package static func cancel(for host: UUID, at now: Date, in tx: Transaction) async throws -> SQL? {
        guard let document = try await tx.row(Sagas.seize(host), as: String.self),
            var saga = try? JSONDecoder.convene.decode(MeetingSaga.self, from: Data(document.utf8))
        else { return nil }
        _ = saga.apply(.cancelAsked, at: now, call: CallID(at: now), jitter: 0)
        return Sagas.resume(host, state: saga.state.rawValue, document: saga, at: now)
    }
}
