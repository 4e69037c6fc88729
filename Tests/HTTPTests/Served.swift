import Access
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Values

@testable import HTTP

/// One endpoint behind its router, without a server.
struct Served {
    let endpoint: Endpoint
    let store: any ResponseStore

    init(_ endpoint: Endpoint, store: any ResponseStore = NothingStored()) {
        self.endpoint = endpoint
        self.store = store
    }

    /// Signed in is whoever shows the token `valid`.
    static let signedIn: HTTPFields = [.authorization: "Bearer valid"]

    struct Answer: Equatable {
        let status: HTTPResponse.Status
        /// Of a problem its code.
        let body: String

        init(_ status: HTTPResponse.Status, _ body: String) {
            self.status = status
            self.body = body
        }
    }

    func response(to path: String, headers: HTTPFields = [:], body: String = "") async throws -> Answer {
        let router = Router(context: AppContext.self)
        EndpointRouter(
            authentication: Authentication(OneToken(), isSecure: false), limits: RequestLimits(perSecond: 0),
            firstResponses: store
        ).add([endpoint], to: router)
        let request = Request(
            head: HTTPRequest(
                method: endpoint.method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: body)))
        let context = AppContext(
            source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: Logger(label: "test")))
        do {
            let response = try await router.buildResponder().respond(to: request, context: context)
            let written = Written()
            try await response.body.write(written)
            return Answer(response.status, written.text)
        } catch {
            let problem = Problem(error)
            return Answer(problem.status, problem.code)
        }
    }
}

private struct OneToken: TokenVerifier {
    private static let principal = Principal(user: UserID(at: .now), signIn: SignInID(at: .now))

    func caller(bearing token: String) async -> Authentication.Caller? {
        token == "valid" ? Authentication.Caller(Self.principal, isFromPage: false) : nil
    }

    func principal(inCookie token: String) async -> Principal? { nil }
    func isFormToken(_ token: String, of signIn: SignInID) -> Bool { false }
}

struct NothingStored: ResponseStore {
    func first(to request: IdempotentRequest, of call: APIRequest) async -> FirstResponse? { nil }
}

/// What a response's body was.
private final class Written: ResponseBodyWriter {
    private(set) var text = ""

    func write(_ buffer: ByteBuffer) async throws { text += String(buffer: buffer) }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension HTTPFields {
    static func + (some: HTTPFields, others: HTTPFields) -> HTTPFields {
        var all = some
        for field in others { all.append(field) }
        return all
    }
}
