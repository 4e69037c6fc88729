import Foundation
import Postgres

/// How much waits to be done, and for how long: read when the metrics are.
enum Backlog: CaseIterable {
    case sagasDue, oldestSaga, outbox, auditEntries, interventions

    var name: String {
        switch self {
        case .sagasDue: "convene_sagas_due"
        case .oldestSaga: "convene_sagas_oldest_due_seconds"
        case .outbox: "convene_outbox_events"
        case .auditEntries: "convene_audit_entries"
        case .interventions: "convene_manual_interventions_open"
        }
    }

    var help: String {
        switch self {
        case .sagasDue: "Sessions whose provisioning is due."
        case .oldestSaga: "How long the longest waiting of them has been due."
        case .outbox: "Events that wait to be published."
        case .auditEntries: "Entries of the audit log that wait for their number."
        case .interventions: "Cases that wait for a person."
        }
    }

    func value(in database: Database) async throws -> Double {
        try await database.row(statement, as: Double.self) ?? 0
    }

    private var statement: SQL {
        switch self {
        case .sagasDue: "SELECT count(*)::float8 FROM sagas WHERE run_at <= present()"
        case .oldestSaga:
            "SELECT coalesce(extract(epoch FROM present() - min(run_at)), 0)::float8 FROM sagas WHERE run_at <= present()"
        case .outbox: "SELECT count(*)::float8 FROM outbox_events"
        case .auditEntries: "SELECT count(*)::float8 FROM audit_entries"
        case .interventions: "SELECT count(*)::float8 FROM manual_interventions WHERE closed_at IS NULL"
        }
    }
}
