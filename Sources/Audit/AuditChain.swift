package import Durable
import Logging
import Postgres
import ServiceLifecycle
import Values

/// Gives committed entries of the audit log their numbers and hashes, within half a second.
///
/// Not in the transaction that writes them: there each booking of an organization would wait for the one before. Any
/// number may run; one works at a time. What a crash leaves unnumbered the next one numbers.
package struct AuditChain: Service {
    package static let gauges = [
        DatabaseGauge(
            "convene_audit_entries", "Entries of the audit log that wait for their number.",
            query: "SELECT count(*)::float8 FROM audit_entries")
    ]

    private static let batch = 500

    let background: Background

    package init(in background: Background) { self.background = background }

    package func run() async throws {
        let wakeup = Wakeup()
        await withDiscardingTaskGroup { group in
            group.addTask { await wakeup.signal(every: .milliseconds(500), on: background.clock) }
            for await _ in wakeup.signals.cancelOnGracefulShutdown() { await drain() }
        }
    }

    /// Numbers all that is committed now, unless another does so already.
    package func drain() async {
        do {
            while try await background.database.row("SELECT chain_audit(\(Self.batch))", as: Int.self) == Self.batch {}
        } catch {
            background.logger.warning("audit entries could not be numbered", metadata: ["error": "\(error)"])
        }
    }
}
