package import CoreMetrics
import Synchronization

/// Keeps what the process measures and writes it for Prometheus (text format 0.0.4).
///
/// Bootstrap swift-metrics with it, once, and answer `GET /metrics` with ``render()``. Names follow Prometheus' customs
/// whatever the caller writes: `http.requests` becomes `http_requests_total` for a counter and `http_requests_seconds`
/// for a timer.
package final class PrometheusMetrics: MetricsFactory {
    /// Content type of what ``render()`` returns.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// How many label sets one name may have. The ones after that are counted together, every label being `other`, so
    /// that an attacker who chooses a label's value cannot fill the memory.
    let seriesLimit: Int

    private let families = Mutex<[String: Family]>([:])
    private let observations = Mutex<[Observation]>([])

    package init(seriesLimit: Int = 1000) {
        self.seriesLimit = seriesLimit
    }

    /// Adds a gauge whose value is read when it is asked for: a pool's size, a queue's depth.
    ///
    /// Called twice with one name it adds a second series; give it other labels then. A `read` that throws leaves its
    /// line out of that answer. All are read at once, so one answer takes as long as the slowest.
    package func observe(
        _ name: String, _ help: String, labels: [(String, String)] = [],
        read: @escaping @Sendable () async throws -> Double
    ) {
        let observation = Observation(
            name: Exposition.name(name), help: help, labels: Labels(labels), read: read)
        observations.withLock { $0.append(observation) }
    }

    /// Everything measured so far, sorted by name and labels.
    package func render() async -> String {
        var observed = await read(observations.withLock { $0 })
        for (name, family) in families.withLock({ $0 }) where observed[name] == nil {
            observed[name] = family.rendered()
        }
        return observed.sorted { $0.key < $1.key }.map(\.value).joined()
    }

    private func read(_ observations: [Observation]) async -> [String: String] {
        let lines = await withTaskGroup(of: (Int, String?).self) { group in
            for (index, observation) in observations.enumerated() {
                group.addTask { (index, await observation.line()) }
            }
            return await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        var blocks: [String: String] = [:]
        for (index, observation) in observations.enumerated() {
            let head = Exposition.head(observation.name, .gauge, help: observation.help)
            blocks[observation.name, default: head] += lines[index] ?? ""
        }
        return blocks
    }

    // MARK: - MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, suffix: "_total", .counter, dimensions) { Counter() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, suffix: "_total", .counter, dimensions) { Counter() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { Gauge() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate {
            series(label, .summary, dimensions) { Summary() }
        } else {
            series(label, .gauge, dimensions) { Gauge() }
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, suffix: "_seconds", .histogram, dimensions) { Histogram() }
    }

    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    /// The series of that name and those labels. A name already in use for another kind of metric gives one that
    /// counts for nobody: two kinds under one name are no valid exposition.
    private func series<S: Series>(
        _ label: String, suffix: String = "", _ kind: Family.Kind, _ dimensions: [(String, String)],
        make: () -> S
    ) -> S {
        let name = Exposition.name(label, suffix: suffix)
        let labels = Labels(dimensions)
        return families.withLock { families in
            let family = families[name] ?? Family(name: name, kind: kind, limit: seriesLimit)
            families[name] = family
            return family.series(for: labels, make: make) ?? make()
        }
    }

    private func forget(_ handler: AnyObject) {
        families.withLock { families in families.values.forEach { $0.forget(handler) } }
    }
}

/// A gauge that is read when the metrics are asked for.
private struct Observation: Sendable {
    let name: String
    let help: String
    let labels: Labels
    let read: @Sendable () async throws -> Double

    func line() async -> String? {
        guard let value = try? await read() else { return nil }
        return Exposition.line(name, labels.text, value)
    }
}
