import Foundation
import Hummingbird
import NIOCore
import Values

/// Zoom's token endpoint and its meeting API, below `/zoom`.
struct ZoomRoutes: Sendable {
    let state: SimulatedState<ZoomState>
    let traffic: SimulatedTraffic
    let clock: any WallClock
    let credentials: ZoomSimulator.Credentials

    private var gate: FaultGate<ZoomErrors> {
        FaultGate(traffic: traffic, clock: clock, wording: ZoomErrors(clock: clock))
    }

    func add(to router: Router<SimulatorContext>) {
        router.group("zoom")
            .post("oauth/token", use: token)
            .post("v2/users/:host/meetings", use: create)
            .get("v2/users/:host/meetings", use: list)
            .get("v2/meetings/:id", use: show)
            .patch("v2/meetings/:id", use: update)
            .delete("v2/meetings/:id", use: delete)
            .put("v2/meetings/:id/status", use: changeStatus)
    }

    // MARK: Tokens

    private struct OAuthProblem: Encodable {
        let reason: String
        let error: String
    }

    private func token(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let form = try await body(of: request)
        return try await gate(.token, context) {
            let pair = Data("\(credentials.clientID):\(credentials.clientSecret)".utf8)
            guard request.headers[.authorization] == "Basic \(pair.base64EncodedString())" else {
                throw SimulatedResponse(
                    401, json: OAuthProblem(reason: "Invalid client_id or client_secret", error: "invalid_client"))
            }
            let given = parameters(of: request, form: form)
            guard given["grant_type"] == "account_credentials", given["account_id"] == credentials.accountID else {
                throw SimulatedResponse(
                    400, json: OAuthProblem(reason: "unsupported grant type", error: "unsupported_grant_type"))
            }
            let issued = await state { $0.issueToken(at: clock.now) }
            return SimulatedResponse(
                200,
                json: ZoomTokenAnswer(
                    accessToken: issued, expiresIn: ZoomState.tokenSeconds,
                    apiUrl: "http://\(request.head.authority ?? "127.0.0.1")/zoom"))
        }
    }

    /// Zoom takes them in the query and as a form.
    private func parameters(of request: Request, form: Data) -> [String: String] {
        var components = URLComponents()
        components.percentEncodedQuery = [request.uri.query, String(decoding: form, as: UTF8.self)]
            .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "&")
        return Dictionary((components.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    // MARK: Meetings

    private func create(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let body = try await body(of: request)
        return try await gate(.create, context) {
            let document = try document(in: body)
            let meeting = try await state { zoom in
                try zoom.check(authorization: request.headers[.authorization], at: clock.now)
                return try zoom.create(document, for: context.segment("host"), at: clock.now)
            }
            return SimulatedResponse(201, json: ZoomMeetingAnswer(meeting))
        }
    }

    private func list(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        try await gate(.any, context) {
            let query = request.uri.queryParameters
            let size = query["page_size"].flatMap { Int($0) } ?? 30
            guard (1...300).contains(size) else { throw ZoomErrors.invalid("page_size") }
            let page = query["next_page_token"].flatMap { Int($0.dropFirst(4)) } ?? 0
            guard (0...1_000_000).contains(page) else { throw ZoomErrors.invalid("next_page_token") }
            let all = try await state { zoom in
                try zoom.check(authorization: request.headers[.authorization], at: clock.now)
                return zoom.scheduled(
                    of: context.segment("host"), from: query["from"].map { String($0) },
                    to: query["to"].map { String($0) })
            }
            let next = page + size
            return SimulatedResponse(
                200,
                json: ZoomListAnswer(
                    pageSize: size, totalRecords: all.count, nextPageToken: next < all.count ? "page\(next)" : "",
                    meetings: all.dropFirst(page).prefix(size).map(ZoomListAnswer.Line.init)))
        }
    }

    private func show(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        try await gate(.any, context) {
            let meeting = try await state { zoom in
                try zoom.check(authorization: request.headers[.authorization], at: clock.now)
                return try zoom.live(context.segment("id"))
            }
            return SimulatedResponse(200, json: ZoomMeetingAnswer(meeting))
        }
    }

    private func update(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let body = try await body(of: request)
        return try await gate(.update, context) {
            let document = try document(in: body)
            try await state { zoom in
                try zoom.check(authorization: request.headers[.authorization], at: clock.now)
                try zoom.update(context.segment("id"), with: document, at: clock.now)
            }
            return SimulatedResponse(204)
        }
    }

    private func delete(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        try await gate(.cancel, context) {
            try await state { zoom in
                try zoom.check(authorization: request.headers[.authorization], at: clock.now)
                try zoom.delete(context.segment("id"))
            }
            return SimulatedResponse(204)
        }
    }

    private func changeStatus(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        try await gate(.update, context) {
            try await state { zoom in
                try zoom.check(authorization: request.headers[.authorization], at: clock.now)
                zoom.end(try zoom.live(context.segment("id")).id)
            }
            return SimulatedResponse(204)
        }
    }

    private func document(in body: Data) throws -> ZoomMeetingDocument {
        guard let document = readSnakeCase(ZoomMeetingDocument.self, from: body) else {
            throw ZoomErrors.problem(400, 300, "Request Body should be a valid JSON object.")
        }
        return document
    }
}

func body(of request: Request) async throws -> Data {
    Data(try await request.body.collect(upTo: 1_000_000).readableBytesView)
}
