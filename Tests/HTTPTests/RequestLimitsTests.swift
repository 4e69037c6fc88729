import HTTPTypes
import Testing
import Values

@testable import HTTP

@Suite struct RequestLimitsTests {
    private let start = ContinuousClock.now

    @Test func `what comes at once is limited, and flows back`() {
        let limits = RequestLimits(perSecond: 2)

        for _ in 0..<200 { #expect(limits.spend("a", at: start) == nil) }
        #expect(limits.spend("a", at: start) == .milliseconds(500))
        #expect(limits.spend("b", at: start) == nil)
        #expect(limits.spend("a", at: start + .milliseconds(500)) == nil)
        #expect(limits.spend("a", at: start + .milliseconds(500)) != nil)
    }

    @Test func `without a limit, and from the machine itself, nobody waits`() {
        let none = RequestLimits(perSecond: 0)
        let one = RequestLimits(perSecond: 1)

        for _ in 0..<1000 {
            #expect(none.spend("a", at: start) == nil)
            #expect(one.wait(for: "127.0.0.1") == nil && one.wait(for: "::1") == nil)
            #expect(one.wait(for: "::ffff:127.0.0.1") == nil)
        }
        #expect((0..<200).contains { _ in one.wait(for: "192.0.2.7") != nil })
    }
}

@Suite struct TrustedProxiesTests {
    private func client(_ forwarded: [String], peer: String, trusting networks: [String]) -> String? {
        TrustedProxies(networks.compactMap { IPNetwork($0) })
            .client(of: .init(forwarded.map { .init(name: .init("X-Forwarded-For")!, value: $0) }), peer: peer)
    }

    @Test func `only a proxy of ours is believed, and only what it wrote`() {
        #expect(client(["198.51.100.7"], peer: "192.0.2.1", trusting: []) == "192.0.2.1")
        #expect(client(["198.51.100.7"], peer: "192.0.2.1", trusting: ["192.0.2.0/24"]) == "198.51.100.7")
        #expect(
            client(["203.0.113.1, 198.51.100.7", "192.0.2.9"], peer: "192.0.2.1", trusting: ["192.0.2.0/24"])
                == "198.51.100.7")
        #expect(client(["nonsense"], peer: "192.0.2.1", trusting: ["192.0.2.1"]) == "192.0.2.1")
        for (written, meant) in [
            ("203.0.113.7:51234", "203.0.113.7"), ("[2001:db8::7]:443", "2001:db8:0:0:0:0:0:7"),
            ("[2001:db8::7]", "2001:db8:0:0:0:0:0:7"), ("[::ffff:203.0.113.7]:1", "203.0.113.7"),
        ] {
            #expect(client([written], peer: "192.0.2.1", trusting: ["192.0.2.1"]) == meant)
            #expect(client(["198.51.100.9, \(written)"], peer: "192.0.2.1", trusting: ["192.0.2.1"]) == meant)
        }
        for nonsense in [
            "203.0.113.7:", "203.0.113.7:x", "203.0.113.7:99999", "[203.0.113.7]:1", "[]:1", "]:[", ":1", "[", "",
        ] {
            #expect(client([nonsense], peer: "192.0.2.1", trusting: ["192.0.2.1"]) == "192.0.2.1")
        }
        #expect(client(["2001:DB8::7"], peer: "::ffff:10.0.0.1", trusting: ["10.0.0.0/8"]) == "2001:db8:0:0:0:0:0:7")
    }
}
