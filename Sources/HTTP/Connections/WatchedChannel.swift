package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1.1 with our watch over each connection.
package struct WatchedChannel: ServerChildChannel {
    private let http: HTTP1Channel
    private let connections: Connections

    package init(_ connections: Connections, idleTimeout: TimeAmount, responder: @escaping HTTPChannelHandler.Responder)
    {
        self.connections = connections
        http = HTTP1Channel(
            responder: { request, writer, channel in
                let rest = connections.rest(of: channel)
                rest?.end()
                defer { rest?.begin() }
                try await responder(request, writer, channel)
            }, configuration: .init(idleTimeout: idleTimeout))
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture {
            // Nearest to the socket, where all that is written are bytes.
            try channel.pipeline.syncOperations.addHandlers(ConnectionWatch(connections), StalledWrites())
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            // Where requests have been read and are not yet Hummingbird's.
            let pipeline = channel.pipeline.syncOperations
            let reader = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandlers(
                UnreadableRequests(), HTTP10Framing(), ContinueResponses(), position: .after(reader))
            return value
        }
    }

    package func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
