import NIOCore
import NIOEmbedded
import Testing

@testable import HTTP

@Suite struct ConnectionsTests {
    @Test func `who has asked something keeps their place before who never did`() throws {
        let connections = Connections(
            limits: ConnectionLimits(most: 32, perAddress: 0, streamsPerPerson: 0), proxies: TrustedProxies([]))
        let worker = EmbeddedChannel()
        #expect(connections.open(worker, from: "127.0.0.1"))
        try worker.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let rest = try #require(connections.rest(of: worker))
        rest.end()
        rest.begin()

        // All of these are younger, and nothing is ever asked on them.
        let idle = (0..<200).map { _ in EmbeddedChannel() }
        for channel in idle {
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            #expect(connections.open(channel, from: "127.0.0.1"))
            channel.closeFuture.whenComplete { _ in connections.close(channel) }
            for one in idle { one.embeddedEventLoop.run() }
        }

        #expect(worker.isActive)
        #expect(connections.count <= 32)
        #expect(idle.contains { !$0.isActive })
    }
}
