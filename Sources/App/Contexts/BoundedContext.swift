import Durable
import Logging
import Postgres
import Secrets
import ServiceLifecycle
import Values

/// One context, put together. Requests are answered by its own properties; what stands here goes on while nobody waits.
protocol BoundedContext: Sendable {
    /// What works from the start to the end, in processes with the role `worker`.
    var services: [any Service] { get }
    /// What is done about the jobs of each kind. Asked for once, at the start of a worker.
    func jobs() async throws -> [String: Worker.Handler]
    var schedules: [Schedule] { get }
    /// For how long its tables keep what has served its time.
    var retentions: [Retention] { get }
    var gauges: [DatabaseGauge] { get }
}

extension BoundedContext {
    var services: [any Service] { [] }
    func jobs() async throws -> [String: Worker.Handler] { [:] }
    var schedules: [Schedule] { [] }
    var retentions: [Retention] { [] }
    var gauges: [DatabaseGauge] { [] }
}

/// What any context is put together from.
struct Dependencies: Sendable {
    let settings: Settings
    /// As `convene_app`, for requests.
    let requests: Database
    let background: Background
    let secretBox: SecretBox

    var clock: any WallClock { background.clock }
    var logger: Logger { background.logger }
}
