import Foundation
import Outgoing
import Secrets
import Values

/// Account credentials for an access token (fact sheet Zoom 2): one hour, and no refresh token.
struct ZoomToken: Sendable {
    let account: ZoomAccount
    let secret: Secret
    let connection: ProviderConnection

    /// How long before its end a token is no longer used, so that it does not expire on the way.
    private static let margin = Duration.seconds(60)

    private struct TokenResponse: Decodable {
        let accessToken: String
        let expiresIn: Int
    }

    private struct Refusal: Decodable {
        let reason: String
    }

    func fetch() async -> Result<AccessTokens.Fetched, CallFailure> {
        let answer: OutgoingResponse
        do {
            answer = try await connection.client.send(request)
        } catch {
            return .failure(.later(after: nil, reason: .noToken(error.explanation)))
        }
        if answer.status == 200,
            let token = try? JSONDecoder.snakeCase.decode(TokenResponse.self, fromForeign: answer.body)
        {
            return .success(.init(token.accessToken, freshness: Duration(tokenLifetime: token.expiresIn) - Self.margin))
        }
        if answer.status == 400 || answer.status == 401 || answer.status == 403 {
            let reason = try? JSONDecoder.snakeCase.decode(Refusal.self, fromForeign: answer.body).reason
            return .failure(.refused(code: "provider_credentials", reason: .answered(answer.status, reason)))
        }
        return .failure(.later(after: nil, reason: .noToken(.answered(answer.status, nil))))
    }

    private var request: OutgoingRequest {
        let credentials = Data("\(account.clientId):\(secret.revealed)".utf8).base64EncodedString()
        let url = connection.endpoints[.zoomToken].appending(queryItems: [
            URLQueryItem(name: "grant_type", value: "account_credentials"),
            URLQueryItem(name: "account_id", value: account.accountId),
        ])
        return OutgoingRequest(.post, url, headers: [("Authorization", "Basic \(credentials)")])
    }
}
