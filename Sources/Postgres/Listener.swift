import Foundation
package import Logging

/// Hears NOTIFY on one channel, on a connection of its own that is made anew when it breaks.
package struct Listener: Sendable {
    private let configuration: PoolConfiguration
    private let channel: String
    private let logger: Logger

    package init(_ configuration: PoolConfiguration, channel: String, logger: Logger) {
        var configuration = configuration
        configuration.applicationName = "convene-listener"
        self.configuration = configuration
        self.channel = channel
        self.logger = logger
    }

    /// Each notification's payload, and `nil` each time the connection was made (anew): what was said meanwhile is
    /// lost, so look for yourself. Ends when the task is cancelled.
    ///
    /// A reader who falls behind loses the oldest payloads beyond a thousand.
    package func notifications() -> AsyncStream<String?> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1000)) { continuation in
            let stop = PollWakeup()
            continuation.onTermination = { _ in stop.signal() }
            let thread = Thread { listen(until: stop, heard: continuation) }
            thread.name = "postgres-listen"
            thread.start()
        }
    }

    private func listen(until stop: PollWakeup, heard: AsyncStream<String?>.Continuation) {
        var failures = 0
        while true {
            do throws(PostgresError) {
                let settings = try ConnectionSettings(configuration)
                let session = try LibpqConnection(settings, interruption: stop)
                _ = try settings.standing.take(session)
                try session.script("LISTEN \(SQL("\(identifier: channel)").text)")
                failures = 0
                heard.yield(nil)
                while let payloads = try session.notifications() {
                    for payload in payloads { heard.yield(payload) }
                }
                return
            } catch {
                failures += 1
                logger.warning("not listening", metadata: ["channel": "\(channel)", "error": "\(error)"])
            }
            let pause: Duration = min(.milliseconds(50 << min(failures, 10)), .seconds(1))
            // -1 is no socket: only the wish to stop ends this wait early.
            if poll(-1, for: 0, or: stop, until: .now.advanced(by: pause)) == .woken { return }
        }
    }
}
