import CoreMetrics
import Synchronization

/// One number, or one distribution, under one name and one set of labels. Safe to use from any thread.
protocol Series: AnyObject, Sendable {
    /// Its lines of the exposition, each ending in a newline.
    func lines(_ name: String, _ labels: Labels) -> String
}

/// Only grows.
final class Counter: Series, CounterHandler, FloatingPointCounterHandler {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    /// Anything but a positive number is ignored: a counter that falls looks like a restart to Prometheus.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        value.withLock { $0 += amount }
    }

    func reset() { value.withLock { $0 = 0 } }

    func lines(_ name: String, _ labels: Labels) -> String {
        Exposition.line(name, labels.text, value.withLock { $0 })
    }
}

/// The last value written.
final class Gauge: Series, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ new: Int64) { set(Double(new)) }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ new: Int64) { set(Double(new)) }
    func record(_ new: Double) { set(new) }

    func lines(_ name: String, _ labels: Labels) -> String {
        Exposition.line(name, labels.text, value.withLock { $0 })
    }
}

/// How many values there were, and their sum.
final class Summary: Series, RecorderHandler {
    private let total = Mutex((count: 0, sum: 0.0))

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        total.withLock { $0 = ($0.count + 1, $0.sum + value) }
    }

    func lines(_ name: String, _ labels: Labels) -> String {
        let total = total.withLock { $0 }
        return Exposition.line(name + "_sum", labels.text, total.sum)
            + Exposition.line(name + "_count", labels.text, Double(total.count))
    }
}

/// Durations, in seconds, counted by how long they took.
final class Histogram: Series, TimerHandler {
    /// Upper bounds in seconds. From a single query (1 ms) over a booking (target 1 s) to a provisioning (alert above
    /// 10 s) that ran into its provider's time-outs.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    private struct State {
        /// One place for each bound and one for what is slower than all of them.
        var counts = [Int](repeating: 0, count: Histogram.bounds.count + 1)
        var sum = 0.0
    }
    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(max(0, duration)) / 1_000_000_000
        let place = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        state.withLock {
            $0.counts[place] += 1
            $0.sum += seconds
        }
    }

    func lines(_ name: String, _ labels: Labels) -> String {
        let state = state.withLock { $0 }
        let limits = Self.bounds.map(Exposition.number) + ["+Inf"]
        var text = ""
        var atMost = 0
        for (limit, count) in zip(limits, state.counts) {
            atMost += count
            let separator = labels.text.isEmpty ? "" : ","
            text += Exposition.line(name + "_bucket", labels.text + separator + "le=\"\(limit)\"", Double(atMost))
        }
        return text
            + Exposition.line(name + "_sum", labels.text, state.sum)
            + Exposition.line(name + "_count", labels.text, Double(atMost))
    }
}
