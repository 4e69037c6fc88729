import Foundation
import Outgoing
import Secrets
import Values

/// A code, about to be exchanged for an ID token (RFC 6749, 4.1.3 with RFC 7636, 4.5).
struct TokenRequest: Sendable {
    let issuer: OpenIDIssuer
    let metadata: IssuerMetadata
    let code: String
    let verifier: String

    /// - Throws: ``OpenIDError/noToken(_:)``. A code that was sent is used up, so nothing is tried twice.
    func idToken(by client: OutgoingClient) async throws(OpenIDError) -> String {
        struct Tokens: Decodable { let id_token: String }
        struct Refusal: Decodable { let error: String }
        let answer: OutgoingResponse
        do {
            answer = try await client.send(request)
        } catch {
            throw .noToken("\(error)")
        }
        guard answer.status == 200 else {
            let refusal = try? JSONDecoder().decode(Refusal.self, fromForeign: answer.body)
            throw .noToken(
                "HTTP \(answer.status)\(refusal.flatMap { OAuthCode($0.error) }.map { " " + $0.text } ?? "")")
        }
        guard let tokens = try? JSONDecoder().decode(Tokens.self, fromForeign: answer.body) else {
            throw .noToken("the answer holds no ID token")
        }
        return tokens.id_token
    }

    private var request: OutgoingRequest {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", issuer.redirectURI),
            ("code_verifier", verifier),
        ]
        var headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        if let secret = issuer.clientSecret, !metadata.sendsSecretInBody {
            // RFC 6749, 2.3.1: both are form-encoded before they are joined.
            let credentials = "\(issuer.clientID.formEscaped):\(secret.revealed.formEscaped)"
            headers.append(("Authorization", "Basic \(Data(credentials.utf8).base64EncodedString())"))
        } else {
            fields.append(("client_id", issuer.clientID))
            if let secret = issuer.clientSecret { fields.append(("client_secret", secret.revealed)) }
        }
        return OutgoingRequest(
            .post, metadata.tokenEndpoint, headers: headers.map { (name: $0.0, value: $0.1) },
            body: Data(String(form: fields).utf8), limits: .ofIssuers)
    }
}

/// An error code as OAuth has them, fit for a log. `nil` for any other text, which may hold anything.
struct OAuthCode {
    let text: String

    init?(_ text: String) {
        guard (1...40).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        else { return nil }
        self.text = text
    }
}
