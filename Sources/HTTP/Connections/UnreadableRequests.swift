import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import Values

/// What is no HTTP never becomes a request, and Hummingbird refuses it with a bare 400 (`HTTPChannelHandler`). Here it
/// gets the body that every other refusal has.
final class UnreadableRequests: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private static let problem = Problem(
        status: .badRequest, code: "bad_request", title: "Not HTTP",
        detail: "The request could not be read. Check its first line and its headers, and how it says its length.")
    private static let body = ByteBuffer(bytes: (try? JSONEncoder.convene.encode(problem.body)) ?? Data())

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headers["Content-Length"] == ["0"]
        else { return context.write(data, promise: promise) }
        head.headers.replaceOrAdd(name: "Content-Length", value: String(Self.body.readableBytes))
        head.headers.replaceOrAdd(name: "Content-Type", value: "application/problem+json")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(Self.body))), promise: promise)
    }
}
