import NIOCore

/// Tells ``Connections`` of one connection: that it stands, and its end.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let connections: Connections

    init(_ connections: Connections) { self.connections = connections }

    // Not earlier: where it comes from is known from here on.
    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        if connections.open(channel, from: channel.remoteAddress?.ipAddress) {
            channel.closeFuture.whenComplete { [connections] _ in connections.close(channel) }
        } else {
            context.close(promise: nil)
        }
        context.fireChannelActive()
    }
}
