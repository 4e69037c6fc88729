import Durable
import ServiceLifecycle

/// The way of events from the outbox to the feed.
struct EventsContext: BoundedContext {
    /// Told that there are events in the outbox.
    let wakeup = Wakeup()
    let background: Background
    /// Called after events became visible in the feed.
    let published: @Sendable () -> Void

    var services: [any Service] { [Relay(in: background, wakeup: wakeup, published: published)] }
    var retentions: [Retention] { Retention.durable }
    var gauges: [DatabaseGauge] { Outbox.gauges + Sagas.gauges }
}
