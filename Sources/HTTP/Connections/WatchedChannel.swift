import Glibc
import HTTPTypes
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
                // Who asks before they send a body waits for this, some for ever (RFC 9110, 10.1.1).
                if request.headers[.expect]?.lowercased() == "100-continue" {
                    try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                }
                try await responder(request, writer, channel)
            }, configuration: .init(idleTimeout: idleTimeout))
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.syncOptions?.setOption(Self.userTimeout, value: 30_000)
            try channel.pipeline.syncOperations.addHandler(ConnectionWatch(connections))
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            // Where requests have been read and are not yet Hummingbird's.
            let pipeline = channel.pipeline.syncOperations
            let reader = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandlers(UnreadableRequests(), HTTP10Framing(), position: .after(reader))
            return value
        }
    }

    /// How long a client may take nothing of what waits for it, in milliseconds: slowly is not stalled. The system keeps
    /// megabytes of a response, so it alone sees whether any of them is taken; without an end to it, a client that asks
    /// and does not read keeps an event stream and its task for as long as it likes (`TCP_USER_TIMEOUT`, tcp(7)).
    private static let userTimeout = ChannelOptions.Types.SocketOption(
        level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT))

    package func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
