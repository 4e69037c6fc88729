import ServiceLifecycle
package import Values

extension Wakeup {
    /// Signals every `interval` until the shutdown: what is true without any signal is found by looking.
    package func signal(every interval: Duration, on clock: any WallClock) async {
        signal()
        while (try? await cancelWhenGracefulShutdown({ try await clock.sleep(for: interval) })) != nil {
            if Task.isCancelled || Task.isShuttingDownGracefully { return }
            signal()
        }
    }
}
