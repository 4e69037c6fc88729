import Foundation
import HTTPTypes
import Testing
import Values

@testable import HTTP

/// What is created is created once for each Idempotency-Key.
@Suite struct CreatingTests {
    private struct Group: Codable, Sendable { let name: String }
    private struct NameTaken: Error, ProblemConvertible {
        let problem = Problem(status: .conflict, code: "already_taken", title: "Taken", detail: "Choose another.")
    }

    /// Holds one response, under whatever key, and whose request it was.
    private actor Store: ResponseStore {
        private(set) var kept: (request: IdempotentRequest, response: StoredResponse)?

        func keep(_ group: Group, under key: IdempotencyKey<Group>) throws {
            if let entry = try key.entry(for: group) { kept = entry }
        }

        func first(to request: IdempotentRequest, of call: APIRequest) -> FirstResponse? {
            guard let kept, kept.request.key == request.key else { return nil }
            return kept.request.hash == request.hash ? .toTheSame(kept.response) : .toAnotherRequest
        }
    }

    private let store = Store()
    private let served: Served

    init() {
        served = Served(
            Endpoint(
                method: .post, path: "/groups/{place}", summary: "Makes a group.", tag: "Test", access: .person,
                parameters: [.path("place", .text(1...9), note: "Where.")],
                body: .json(.object([Schema.required("name", .line(1...9))])),
                responses: [.json(.created, .text, "It.")]
            ) { [store] call in
                let group: Group = try call.decode()
                return try await call.create(at: { "/groups/\($0.name)" }) { (key: IdempotencyKey<Group>) in
                    guard await store.kept == nil else { throw NameTaken() }
                    try await store.keep(group, under: key)
                    return group
                }
            }, store: store)
    }

    private func create(_ name: String, key: String?, in place: String = "one") async throws -> Served.Answer {
        var headers = Served.signedIn + [.contentType: "application/json"]
        if let key { headers.append(HTTPField(name: .init("Idempotency-Key")!, value: key)) }
        return try await served.response(to: "/groups/\(place)", headers: headers, body: #"{"name":"\#(name)"}"#)
    }

    @Test func `the same request again gets the same response again`() async throws {
        for _ in 1...3 {
            #expect(try await create("Ada", key: "k") == Served.Answer(.created, #"{"name":"Ada"}"#))
        }
        #expect(await store.kept?.response.location == "/groups/Ada")
    }

    @Test func `another request with the key is refused`() async throws {
        #expect(try await create("Ada", key: "k").status == .created)

        #expect(try await create("Ben", key: "k") == Served.Answer(.unprocessableContent, "idempotency_key_reused"))
        #expect(
            try await create("Ada", key: "k", in: "two")
                == Served.Answer(.unprocessableContent, "idempotency_key_reused"))
    }

    @Test func `another key is another request, and what is wrong with it is told`() async throws {
        #expect(try await create("Ada", key: "k").status == .created)

        #expect(try await create("Ada", key: "l") == Served.Answer(.conflict, "already_taken"))
        #expect(try await create("Ada", key: nil) == Served.Answer(.conflict, "already_taken"))
    }

    @Test func `without a key nothing is kept`() async throws {
        #expect(try await create("Ada", key: nil).status == .created)
        #expect(await store.kept?.response == nil)
    }

    @Test func `whoever has not signed in gets no response of anybody's`() async throws {
        #expect(try await create("Ada", key: "k").status == .created)
        let headers: HTTPFields = [.contentType: "application/json", .init("Idempotency-Key")!: "k"]

        #expect(
            try await served.response(to: "/groups/one", headers: headers, body: #"{"name":"Ada"}"#)
                == Served.Answer(.unauthorized, "not_signed_in"))
    }
}
