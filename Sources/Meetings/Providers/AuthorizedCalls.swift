import Foundation
import Outgoing
import Values

/// Calls that carry an access token. One that the provider no longer takes is replaced once.
struct AuthorizedCalls: Sendable {
    let client: OutgoingClient
    let tokens: AccessTokens
    /// Whether an answer says that the token is invalid or expired; such a call was not carried out.
    let rejectsToken: @Sendable (OutgoingResponse) -> Bool

    /// - Returns: An answer of any status.
    func answer(to request: OutgoingRequest) async throws(CallFailure) -> OutgoingResponse {
        let token = try await tokens.current()
        let answer = try await send(request, with: token)
        guard rejectsToken(answer) else { return answer }

        await tokens.discard { $0 == token }
        let second = try await send(request, with: tokens.current())
        guard !rejectsToken(second) else {
            throw .refused(code: "provider_token_rejected", reason: Explanation(CallReason.tokenRejected))
        }
        return second
    }

    private func send(_ request: OutgoingRequest, with token: String) async throws(CallFailure) -> OutgoingResponse {
        var request = request
        request.headers.append(("Authorization", "Bearer \(token)"))
        do {
            return try await client.send(request)
        } catch {
            throw CallFailure(error)
        }
    }
}

/// A provider's access token, and who asks for it: ``CallFailure/later(after:reason:)`` or
/// ``CallFailure/refused(code:reason:)`` says that without a token the call that wanted it was surely not made.
typealias AccessTokens = SingleFlightCache<String, CallFailure>

extension AccessTokens {
    init(clock: any WallClock, fetch: @escaping Fetch) {
        self.init(
            clock: clock,
            whenCancelled: .later(after: nil, reason: .noToken(Explanation(CallReason.brokenOff))), fetch: fetch)
    }
}
