import NIOCore
import NIOEmbedded
import Testing
import Values

@testable import HTTP

@Suite struct ConnectionsTests {
    @Test func `one address has so many connections, and gets the places back`() throws {
        let connections = Connections(
            limits: ConnectionLimits(most: 1000, perAddress: 3, streamsPerPerson: 0),
            proxies: TrustedProxies([try #require(IPNetwork("198.51.100.0/24"))]))
        func open(from address: String) -> EmbeddedChannel? {
            let channel = EmbeddedChannel()
            return connections.open(channel, from: address) ? channel : nil
        }

        let first = (0..<3).compactMap { _ in open(from: "203.0.113.9") }
        #expect(first.count == 3)
        #expect(open(from: "203.0.113.9") == nil)
        #expect(open(from: "::ffff:203.0.113.9") == nil, "the same address, as a socket for both families shows it")
        #expect(open(from: "203.0.113.10") != nil)
        // What one customer of an Internet provider has is one address.
        for host in 1...3 { #expect(open(from: "2001:db8:1:2::\(host)") != nil) }
        #expect(open(from: "2001:db8:1:2:3::4") == nil)
        #expect(open(from: "2001:db8:1:3::1") != nil)
        // Everybody comes through a proxy of ours, and programs on this machine are the operator's.
        for _ in 0..<10 { #expect(open(from: "198.51.100.7") != nil && open(from: "127.0.0.1") != nil) }

        connections.close(first[0])
        #expect(open(from: "203.0.113.9") != nil)
        #expect(open(from: "203.0.113.9") == nil)
    }

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
