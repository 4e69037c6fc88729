import Audit
import Durable
import ServiceLifecycle

/// Who has changed what.
struct AuditContext: BoundedContext {
    let log: AuditLog
    private let background: Background

    init(_ dependencies: Dependencies) {
        log = AuditLog(database: dependencies.requests)
        background = dependencies.background
    }

    var services: [any Service] { [AuditChain(in: background)] }
    var gauges: [DatabaseGauge] { AuditChain.gauges }
}
