import Foundation
import Hummingbird
import Values

/// Feishu's token endpoint and its reservations, below `/feishu/open-apis`.
struct FeishuRoutes: Sendable {
    let state: SimulatedState<FeishuState>
    let traffic: SimulatedTraffic
    let clock: any WallClock
    let credentials: FeishuSimulator.Credentials

    private var gate: FaultGate<FeishuErrors> {
        FaultGate(traffic: traffic, clock: clock, wording: FeishuErrors())
    }

    func add(to router: Router<SimulatorContext>) {
        router.group("feishu/open-apis")
            .post("auth/v3/tenant_access_token/internal", use: token)
            .post("vc/v1/reserves/apply", use: apply)
            .get("vc/v1/reserves/:id", use: show)
            .put("vc/v1/reserves/:id", use: update)
            .delete("vc/v1/reserves/:id", use: delete)
    }

    private func token(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let body = try await body(of: request)
        return try await gate(.token, context) {
            guard let given = readSnakeCase(FeishuTokenDocument.self, from: body),
                given.appId == credentials.appID, given.appSecret == credentials.appSecret
            else { throw FeishuErrors.problem(400, 99_991_543, "invalid app_id or app_secret") }
            let token = await state { $0.token(at: clock.now) }
            return SimulatedResponse(200, json: FeishuTokenAnswer(tenantAccessToken: token.text, expire: token.seconds))
        }
    }

    private func apply(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let body = try await body(of: request)
        return try await gate(.create, context) {
            let document = try document(in: body)
            let reservation = try await state { feishu in
                try feishu.check(authorization: request.headers[.authorization], at: clock.now)
                return try feishu.apply(document, at: clock.now)
            }
            return answer(reservation, foreignHosts: document.foreignHosts, isNew: true)
        }
    }

    private func show(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        try await gate(.any, context) {
            let reservation = try await state { feishu in
                try feishu.check(authorization: request.headers[.authorization], at: clock.now)
                return try feishu.own(context.segment("id"))
            }
            return answer(reservation, foreignHosts: [], isNew: false)
        }
    }

    private func update(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let body = try await body(of: request)
        return try await gate(.update, context) {
            let document = try document(in: body)
            let reservation = try await state { feishu in
                try feishu.check(authorization: request.headers[.authorization], at: clock.now)
                return try feishu.update(context.segment("id"), with: document, at: clock.now)
            }
            return answer(reservation, foreignHosts: document.foreignHosts, isNew: false)
        }
    }

    private func delete(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        try await gate(.cancel, context) {
            try await state { feishu in
                try feishu.check(authorization: request.headers[.authorization], at: clock.now)
                try feishu.delete(context.segment("id"))
            }
            return SimulatedResponse(200, json: FeishuAnswer(data: FeishuNothing()))
        }
    }

    private func document(in body: Data) throws -> FeishuReserveDocument {
        guard let document = readSnakeCase(FeishuReserveDocument.self, from: body) else {
            throw FeishuErrors.badParameter
        }
        return document
    }

    private func answer(
        _ reservation: FeishuState.Reservation, foreignHosts: [String], isNew: Bool
    ) -> SimulatedResponse {
        let content = FeishuReserveAnswer(reservation, foreignHosts: foreignHosts, isNew: isNew, at: clock.now)
        return SimulatedResponse(200, json: FeishuAnswer(data: content))
    }
}
