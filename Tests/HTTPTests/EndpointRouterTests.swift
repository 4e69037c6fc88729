import Foundation
import HTTPTypes
import Testing

@testable import HTTP

/// Declarations at work: what a request must bring, and who may send it.
@Suite struct EndpointRouterTests {
    private func status(
        of endpoint: Endpoint, at path: String, headers: HTTPFields = [:], body: String = ""
    ) async throws -> HTTPResponse.Status {
        try await Served(endpoint).response(to: path, headers: headers, body: body).status
    }

    private func upload(
        _ body: Endpoint.Body, access: Endpoint.Access = .anyone,
        handle: @escaping @Sendable (APIRequest) throws -> Void = { _ in }
    ) -> Endpoint {
        Endpoint(
            method: .post, path: "/files/{token}", summary: "Takes a file.", tag: "Test", access: access,
            parameters: [.path("token", .text(1...20), note: "A secret.")], body: body,
            responses: [.empty(.noContent, "Taken.")]
        ) { call in
            try handle(call)
            return .empty()
        }
    }

    private static let csv: HTTPFields = [.contentType: "text/csv; charset=utf-8"]

    @Test func `bytes come as they are, of a declared type and size`() async throws {
        let endpoint = upload(.bytes(of: ["text/csv", "text/calendar"], upTo: 8)) { call in
            #expect(call.body == Data("a;b\u{1}".utf8))
        }

        #expect(try await status(of: endpoint, at: "/files/x", headers: Self.csv, body: "a;b\u{1}") == .noContent)
        #expect(
            try await status(of: endpoint, at: "/files/x", headers: Self.csv, body: "123456789") == .contentTooLarge)
        #expect(
            try await status(of: endpoint, at: "/files/x", headers: [.contentType: "text/html"], body: "a")
                == .unsupportedMediaType)
        #expect(try await status(of: endpoint, at: "/files/x", body: "a") == .unsupportedMediaType)
    }

    @Test func `a form is validated and decoded like any body`() async throws {
        struct Vote: Decodable, Equatable { let name: String, count: Int }
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        let endpoint = upload(
            .form([Schema.required("name", .line(1...9)), Schema.required("count", .integer(1...3))])
        ) { call in
            let vote: Vote = try call.decode()
            #expect(vote == Vote(name: "Ada L", count: 2))
        }

        #expect(try await status(of: endpoint, at: "/files/x", headers: form, body: "name=Ada+L&count=2") == .noContent)
        for wrong in ["name=Ada", "name=Ada&count=4", "name=Ada&count=two", "name=Ada&count=1&more=1"] {
            #expect(try await status(of: endpoint, at: "/files/x", headers: form, body: wrong) == .unprocessableContent)
        }
    }

    @Test func `a link opens to whoever has it, before anything is read`() async throws {
        let endpoint = upload(
            .bytes(of: ["text/csv"], upTo: 8), access: .link { $0.string("token") == "secret" })

        #expect(try await status(of: endpoint, at: "/files/secret", headers: Self.csv, body: "a") == .noContent)
        #expect(try await status(of: endpoint, at: "/files/guess", headers: Self.csv, body: "123456789") == .notFound)
    }

    @Test func `what is signed is asked about as it came, before it is read`() async throws {
        let signature = try #require(HTTPField.Name("X-Signature"))
        let access = Endpoint.Access.signature(signature) { $0.headers[signature] == "of \($0.body.count) bytes" }
        let endpoint = upload(.json(.object([Schema.required("a", .boolean)])), access: access)
        let json: HTTPFields = [.contentType: "application/json"]

        let body = #"{ "a" : true }"#
        #expect(
            try await status(
                of: endpoint, at: "/files/x", headers: json + [signature: "of 14 bytes"], body: body) == .noContent)
        #expect(
            try await status(
                of: endpoint, at: "/files/x", headers: json + [signature: "of 13 bytes"], body: body) == .unauthorized)
        #expect(try await status(of: endpoint, at: "/files/x", headers: json, body: "nonsense") == .unauthorized)
        #expect(
            try await status(
                of: endpoint, at: "/files/x", headers: json + [signature: "of 2 bytes"], body: "{}")
                == .unprocessableContent)
    }
}
