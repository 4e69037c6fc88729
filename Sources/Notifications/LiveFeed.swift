package import Durable
import Logging
package import Postgres
import ServiceLifecycle
import Synchronization
package import Values

/// Tells everybody who is connected to this process what happens in their organization: it reads the feed once and
/// hands each event to all who listen.
package final class LiveFeed: Service {
    package enum Message: Sendable {
        /// With what everybody is told of it.
        case event(FeedEvent, EventStream.Notice)
        /// Nothing has happened for a while; is everybody still there, and still allowed to listen?
        case heartbeat
    }

    /// Events that a slow listener may fall behind by before it is cut off; it comes back and reads them again.
    private static let mostBehind = 1000
    /// How long somebody may go on listening who has just signed out elsewhere: at each beat everybody is looked at.
    private static let pulse = Duration.seconds(4)

    private let background: Background
    private let listener: Listener
    private let wakeup = Wakeup()
    private let listeners = Mutex(Listeners())

    private struct Listeners {
        var next = 0
        var isClosed = false
        var streams: [Int: (organization: OrganizationID, continuation: AsyncStream<Message>.Continuation)] = [:]
    }

    /// - Parameter listener: on ``Durable/Relay/channel``.
    package init(in background: Background, listener: Listener) {
        self.background = background
        self.listener = listener
    }

    /// Everything that is published in `organization` from now on, in order. Ends when the listener is too slow or the
    /// server stops.
    package func messages(of organization: OrganizationID) -> AsyncStream<Message> {
        let (stream, continuation) = AsyncStream<Message>.makeStream(bufferingPolicy: .bufferingOldest(Self.mostBehind))
        let key: Int? = listeners.withLock { listeners in
            guard !listeners.isClosed else { return nil }
            listeners.next += 1
            listeners.streams[listeners.next] = (organization, continuation)
            return listeners.next
        }
        guard let key else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.listeners.withLock { $0.streams[key] = nil }
        }
        return stream
    }

    /// Says that the relay of this process has published something.
    package func wake() {
        wakeup.signal()
    }

    /// How many are connected.
    package var count: Int { listeners.withLock { $0.streams.count } }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in
                for await _ in listener.notifications().cancelOnGracefulShutdown() { wake() }
            }
            group.addTask { [self] in await beat() }
            var position: Int?
            for await _ in wakeup.signals.cancelOnGracefulShutdown() {
                position = await read(from: position)
            }
            group.cancelAll()
        }
        close()
    }

    /// Wakes the reader each second, for what no signal told of, and everybody each ``pulse``.
    private func beat() async {
        var seconds = 0
        repeat {
            wake()
            seconds += 1
            if seconds % Self.pulse.wholeSeconds == 0 { send(.heartbeat) { _ in true } }
        } while (try? await cancelWhenGracefulShutdown({ try await self.background.clock.sleep(for: .seconds(1)) }))
            != nil
            && !Task.isCancelled && !Task.isShuttingDownGracefully
    }

    /// - Returns: how far the feed has been read.
    private func read(from position: Int?) async -> Int? {
        do {
            guard var position else { return try await background.database.row(Feed.lastPosition, as: Int.self) }
            while true {
                let events = try await background.database.rows(
                    Feed.events(afterPosition: position, limit: 500), as: FeedEvent.self)
                for event in events { send(event) }
                position = events.last?.position ?? position
                if events.count < 500 { return position }
            }
        } catch {
            background.logger.warning("the feed could not be read", metadata: ["error": "\(error)"])
            return position
        }
    }

    private func send(_ event: FeedEvent) {
        let hasListeners = listeners.withLock { $0.streams.values.contains { $0.organization == event.organizationId } }
        guard hasListeners else { return }
        send(.event(event, EventStream.Notice(event))) { $0 == event.organizationId }
    }

    private func send(_ message: Message, to isMeant: (OrganizationID) -> Bool) {
        let streams = listeners.withLock { $0.streams.values.filter { isMeant($0.organization) } }
        for (_, continuation) in streams {
            if case .dropped = continuation.yield(message) { continuation.finish() }
        }
    }

    private func close() {
        let streams = listeners.withLock { listeners in
            listeners.isClosed = true
            return Array(listeners.streams.values)
        }
        for (_, continuation) in streams { continuation.finish() }
    }
}
