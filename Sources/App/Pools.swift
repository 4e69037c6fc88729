import Logging
import Postgres
import ServiceLifecycle
import Telemetry
import Values

/// The connections to the database, by what they are for.
struct Pools: Sendable {
    let requests: Pool
    /// Nobody waits for this work with a page open, but what gives up here is left until its lease runs out.
    let work: Pool
    let metrics: Pool
    /// Whether the database answers is no matter of how many requests wait for it.
    let probes: Pool

    init(_ access: DatabaseAccess, settings: Settings, clock: any WallClock, logger: Logger) {
        requests = access.pool(as: "convene_app", size: settings.databaseConnections, clock: clock, logger: logger)
        work = access.pool(
            as: "convene_worker", size: settings.workConnections, wait: .seconds(15), roundTrip: .seconds(30),
            clock: clock, logger: logger)
        metrics = access.pool(as: "convene_worker", size: 1, clock: clock, logger: logger)
        probes = access.pool(as: "convene_app", size: 2, clock: clock, logger: logger)
    }

    var all: [any Service] { [requests, work, metrics, probes] }

    func observe(in metrics: PrometheusMetrics) {
        for (name, pool) in [("requests", requests), ("work", work)] {
            let labels = [("pool", name)]
            metrics.observe("convene_pool_connections_open", "Open connections.", labels: labels) {
                Double(pool.load.open)
            }
            metrics.observe("convene_pool_connections_busy", "Connections at work.", labels: labels) {
                Double(pool.load.busy)
            }
            metrics.observe("convene_pool_waiting", "Callers that wait for a connection.", labels: labels) {
                Double(pool.load.waiting)
            }
        }
    }
}
