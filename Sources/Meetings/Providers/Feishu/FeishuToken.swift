import Foundation
import Outgoing
import Secrets
import Values

/// App credentials for a tenant's access token (fact sheet Feishu 2): two hours at most. Its fields stand at the top
/// level, unlike those of every other answer.
struct FeishuToken: Sendable {
    let account: FeishuAccount
    let secret: Secret
    let connection: ProviderConnection

    /// How long before its end a token is no longer used, so that it does not expire on the way.
    private static let margin = Duration.seconds(180)

    private struct TokenResponse: Decodable {
        let code: Int
        let msg: String?
        let tenantAccessToken: String?
        /// Seconds left.
        let expire: Int?
    }

    func fetch() async -> Result<AccessTokens.Fetched, CallFailure> {
        let response: OutgoingResponse
        do {
            response = try await connection.client.send(request())
        } catch {
            return .failure(.later(after: nil, reason: .noToken(error.explanation)))
        }
        let answer = try? JSONDecoder.snakeCase.decode(TokenResponse.self, fromForeign: response.body)
        if let answer, answer.code == 0, let text = answer.tenantAccessToken, let seconds = answer.expire {
            return .success(.init(text, freshness: Duration(tokenLifetime: seconds) - Self.margin))
        }
        let reason = Explanation.answered(response.status, code: answer?.code, answer?.msg)
        if FeishuCode.isRateLimit(response, code: answer?.code) {
            return .failure(.later(after: FeishuCode.wait(in: response), reason: .noToken(reason)))
        }
        if let answer, answer.code != 0, response.status < 500 {
            return .failure(.refused(code: "provider_credentials", reason: reason))
        }
        return .failure(.later(after: nil, reason: .noToken(reason)))
    }

    private func request() throws(OutgoingError) -> OutgoingRequest {
        let url = connection.endpoints[account.region.endpoint]
            .appending(path: "open-apis/auth/v3/tenant_access_token/internal")
        let credentials = ["app_id": account.appId, "app_secret": secret.revealed]
        do {
            return OutgoingRequest(
                .post, url, headers: [("Content-Type", "application/json; charset=utf-8")],
                body: try JSONEncoder().encode(credentials))
        } catch {
            throw .notSent(reason: "the credentials cannot be written as JSON")
        }
    }
}
