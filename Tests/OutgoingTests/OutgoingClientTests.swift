import Foundation
import Testing

@testable import Outgoing

@Suite struct OutgoingClientTests {
    let client = OutgoingClient(reaching: .configured)

    @Test func `an answer comes with its status, headers and body`() async throws {
        let server = try await ScriptedServer { _ in
            .answer("HTTP/1.1 404 Not Found\r\nX-Reason: gone\r\nContent-Length: 4\r\n\r\nnope")
        }

        let answer = try await client.send(
            OutgoingRequest(
                .post, server.url("/a?b=c"), headers: [("Content-Type", "text/plain"), ("X-Empty", "")],
                body: Data("hello".utf8)))

        #expect(answer.status == 404)
        #expect(answer.header("x-reason") == "gone")
        #expect(answer.body == Data("nope".utf8))
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("POST /a?b=c HTTP/1.1\r\n"))
        #expect(request.contains("\r\nContent-Type: text/plain\r\n") && request.contains("\r\nX-Empty:\r\n"))
        #expect(request.hasSuffix("\r\n\r\nhello"))
    }

    @Test func `a refused connection is surely not sent`() async throws {
        let server = try await ScriptedServer { _ in .silence }
        let url = server.url()
        try await server.close()

        let failure = await #expect(throws: OutgoingError.self) { try await client.send(OutgoingRequest(.get, url)) }

        guard case .notSent = failure else { throw Unexpected(failure) }
    }

    @Test func `a name that does not exist is surely not sent`() async throws {
        let url = try #require(URL(string: "http://nowhere.invalid/"))

        let failure = await #expect(throws: OutgoingError.self) { try await client.send(OutgoingRequest(.post, url)) }

        guard case .notSent = failure else { throw Unexpected(failure) }
    }

    @Test(arguments: [
        Reaction.hangUp, .reset, .answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhalf"),
        .answer("this is not HTTP\r\n\r\n"),
    ])
    func `a request whose answer breaks off is lost`(reaction: Reaction) async throws {
        let server = try await ScriptedServer { _ in reaction }
        // An answer that promises more than it holds is only known to be short when the connection closes.
        let limits = OutgoingLimits(total: .milliseconds(500))

        let failure = await #expect(throws: OutgoingError.self) {
            try await client.send(OutgoingRequest(.post, server.url(), body: Data("x".utf8), limits: limits))
        }

        guard case .lost = failure else { throw Unexpected(failure) }
    }

    @Test func `a request that is not answered in time is lost`() async throws {
        let server = try await ScriptedServer { _ in .silence }
        let limits = OutgoingLimits(total: .milliseconds(100))

        let failure = await #expect(throws: OutgoingError.self) {
            try await client.send(OutgoingRequest(.get, server.url(), limits: limits))
        }

        guard case .lost = failure else { throw Unexpected(failure) }
    }

    @Test func `a cancelled task ends its transfer`() async throws {
        let (requests, arrived) = AsyncStream.makeStream(of: Void.self)
        let server = try await ScriptedServer { _ in
            arrived.yield()
            return .silence
        }

        let sending = Task { try await client.send(OutgoingRequest(.get, server.url())) }
        for await _ in requests { break }
        sending.cancel()

        #expect(await sending.result.failure as? OutgoingError == .lost(reason: "cancelled"))
    }

    @Test func `an answer that is too large is cut off`() async throws {
        let server = try await ScriptedServer { _ in .body(20_000) }

        await #expect(throws: OutgoingError.tooLarge) {
            try await client.send(
                OutgoingRequest(.get, server.url(), limits: OutgoingLimits(responseBytes: 10_000)))
        }
    }

    @Test func `a redirect is handed out and not followed`() async throws {
        let server = try await ScriptedServer { _ in
            .answer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        }

        let answer = try await client.send(OutgoingRequest(.get, server.url()))

        #expect(answer.status == 302)
        #expect(server.requests.count == 1)
    }

    @Test func `a connection is used again`() async throws {
        let server = try await ScriptedServer { _ in .body(1) }

        for _ in 1...3 { _ = try await client.send(OutgoingRequest(.post, server.url(), body: Data("x".utf8))) }

        #expect(server.requests.count == 3)
        #expect(server.connections == 1)
    }

    @Test(arguments: [Data("x".utf8), Data()])
    func `a POST that was lost on a kept connection is not sent again`(body: Data) async throws {
        let server = try await ScriptedServer { request in request == 2 ? .hangUp : .body(1) }
        _ = try await client.send(OutgoingRequest(.get, server.url()))

        let failure = await #expect(throws: OutgoingError.self) {
            try await client.send(OutgoingRequest(.post, server.url(), body: body))
        }

        guard case .lost = failure else { throw Unexpected(failure) }
        #expect(server.requests.count == 2)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "0x7f.1", "2130706433"])
    func `a user's URL does not reach the loopback`(host: String) async throws {
        let server = try await ScriptedServer { _ in .body(1) }
        let client = OutgoingClient(reaching: .publicOnly)

        await #expect(throws: OutgoingError.addressRefused) {
            try await client.send(OutgoingRequest(.get, server.url(host: host)))
        }
        #expect(server.connections == 0)
    }

    @Test func `a line break in a header is refused`() async throws {
        let server = try await ScriptedServer { _ in .body(1) }

        await #expect(throws: OutgoingError.notSent(reason: "a header holds a line break")) {
            try await client.send(OutgoingRequest(.get, server.url(), headers: [("X", "a\r\nAuthorization: b")]))
        }
    }
}

struct Unexpected: Error {
    let failure: OutgoingError?
    init(_ failure: OutgoingError?) { self.failure = failure }
}

extension Result {
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
