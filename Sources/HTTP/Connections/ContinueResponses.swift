import NIOCore
import NIOHTTP1

/// Tells a client that asks before it sends a body to go on (`Expect: 100-continue`; RFC 9110, 10.1.1). What is wrong
/// with the request is told when its body is asked for, which is no later.
final class ContinueResponses: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), head.version == .http1_1,
            head.headers.first(name: "Expect")?.lowercased() == "100-continue"
        {
            let goOn = HTTPResponseHead(version: head.version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(goOn)), promise: nil)
        }
        context.fireChannelRead(data)
    }
}
