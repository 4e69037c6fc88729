import Foundation
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// What the server does once it has read a whole request.
enum Reaction: Sendable {
    case answer(String)
    /// A correct answer of that many bytes.
    case body(Int)
    /// Closes in the ordinary way, without a word.
    case hangUp
    /// TCP RST.
    case reset
    case silence
}

/// Speaks just enough HTTP on a real socket of the loopback to misbehave at will.
final class ScriptedServer: Sendable {
    /// Counted from 1.
    typealias Script = @Sendable (_ request: Int) -> Reaction

    struct Seen {
        var connections = 0
        var requests: [String] = []
    }

    fileprivate let seen = Mutex(Seen())
    fileprivate let script: Script
    private let channel = Mutex<(any Channel)?>(nil)

    init(_ script: @escaping Script) async throws {
        self.script = script
        let bound = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(server: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = bound }
    }

    var connections: Int { seen.withLock { $0.connections } }
    var requests: [String] { seen.withLock { $0.requests } }

    func url(_ path: String = "/", host: String = "127.0.0.1") -> URL {
        let port = channel.withLock { $0?.localAddress?.port } ?? 0
        return URL(string: "http://\(host):\(port)\(path)") ?? URL(filePath: "/")
    }

    func close() async throws {
        try await channel.withLock { $0 }?.close()
    }
}

private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let server: ScriptedServer
    var received = ""

    init(server: ScriptedServer) { self.server = server }

    func channelActive(context: ChannelHandlerContext) {
        server.seen.withLock { $0.connections += 1 }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard let head = received.range(of: "\r\n\r\n") else { return }
        let length = received.firstMatch(of: /(?i)content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
        guard received[head.upperBound...].utf8.count >= length else { return }

        let number = server.seen.withLock { seen in
            seen.requests.append(received)
            return seen.requests.count
        }
        received = ""
        react(server.script(number), context)
    }

    private func react(_ reaction: Reaction, _ context: ChannelHandlerContext) {
        switch reaction {
        case .answer(let text): write(text, context)
        case .body(let count):
            write("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n" + String(repeating: "x", count: count), context)
        case .hangUp: context.close(promise: nil)
        case .reset:
            let channel = context.channel
            (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .whenComplete { _ in channel.close(promise: nil) }
        case .silence: break
        }
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
