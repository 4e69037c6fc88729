import Foundation
import Outgoing
import Values

/// One issuer, as we talk to it.
struct IssuerConnection: Sendable {
    let issuer: OpenIDIssuer
    private let client: OutgoingClient
    private let metadata: SingleFlightCache<IssuerMetadata, OpenIDError>
    private let keys: SingleFlightCache<[IssuerKey], OpenIDError>
    private let clock: any WallClock

    init(_ issuer: OpenIDIssuer, client: OutgoingClient, clock: any WallClock) {
        self.issuer = issuer
        self.client = client
        self.clock = clock
        let metadata = SingleFlightCache<IssuerMetadata, OpenIDError>(clock: clock, whenCancelled: .brokenOff) {
            await Self.result { () async throws(OpenIDError) in
                guard let url = issuer.discoveryURL else { throw .unavailable("its address is none") }
                let answer = try await Self.get(url, "configuration", by: client)
                return .init(try IssuerMetadata(answer.body, of: issuer), freshness: .hours(1))
            }
        }
        self.metadata = metadata
        keys = SingleFlightCache(clock: clock, whenCancelled: .brokenOff) {
            await Self.result { () async throws(OpenIDError) in
                let answer = try await Self.get(try await metadata.current().keysURL, "keys", by: client)
                return .init(
                    try IssuerKey.all(in: answer.body), freshness: CacheControl.freshness(of: answer))
            }
        }
    }

    /// Where to send somebody, so that the issuer asks who they are (OpenID Connect Core 1.0, 3.1.2.1).
    func authorizationAddress(state: String, nonce: String, challenge: String) async throws(OpenIDError) -> String {
        let endpoint = try await metadata.current().authorizationEndpoint.absoluteString
        let query = String(form: [
            ("response_type", "code"), ("client_id", issuer.clientID), ("redirect_uri", issuer.redirectURI),
            ("scope", "openid email profile"), ("state", state), ("nonce", nonce), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ])
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }

    /// RFC 9207, 2.4: an answer that another issuer gave must not be taken to this one.
    func checkName(_ iss: String?) async throws(OpenIDError) {
        if let iss {
            guard iss == issuer.identifier else { throw .answerOfAnotherIssuer }
        } else if try await metadata.current().namesItself {
            throw .answerOfAnotherIssuer
        }
    }

    /// Exchanges the code, and reads who it stands for.
    /// - Throws: ``OpenIDError/noToken(_:)``, ``OpenIDError/badToken(_:)``, ``OpenIDError/unavailable(_:)``
    func identity(forCode code: String, verifier: String, nonce: String) async throws(OpenIDError) -> OpenIDIdentity {
        let metadata = try await metadata.current()
        let token = try await TokenRequest(issuer: issuer, metadata: metadata, code: code, verifier: verifier)
            .idToken(by: client)
        let claims: IDTokenClaims
        do {
            let header = try IDTokenHeader(of: token)
            let key = try await key(wantedBy: header)
            // The key says how it signs. One that leaves it open signs as the issuer says that it does.
            guard key.isBound(to: header.algorithm) || metadata.signs(with: header.algorithm) else {
                throw IDTokenFlaw.algorithm
            }
            let verifier = try await key.verifier(for: header.algorithm)
            claims = try await IDTokenClaims.read(token, signedWith: verifier)
            try claims.check(for: issuer, nonce: nonce, at: clock.now)
        } catch {
            if let flaw = error as? IDTokenFlaw { throw .badToken(flaw) }
            throw error as? OpenIDError ?? .badToken(.malformed)
        }
        return OpenIDIdentity(
            issuer: issuer.identifier, subject: claims.sub,
            email: claims.email?.text.map { (try? EmailAddress($0))?.text ?? $0 },
            isEmailVerified: claims.emailVerified?.isTrue ?? false, name: claims.name?.text)
    }

    /// Keys change: one that is not known yet is looked for once more, at most once a minute.
    private func key(wantedBy header: IDTokenHeader) async throws -> IssuerKey {
        if let key = IssuerKey.wanted(by: header, among: try await keys.current()) { return key }
        if let renewed = try await keys.renewed(ifOlderThan: .seconds(60)),
            let key = IssuerKey.wanted(by: header, among: renewed)
        {
            return key
        }
        throw IDTokenFlaw.key
    }

    private static func get(
        _ url: URL, _ what: String, by client: OutgoingClient
    ) async throws(OpenIDError) -> OutgoingResponse {
        let answer: OutgoingResponse
        do {
            answer = try await client.send(
                OutgoingRequest(.get, url, headers: [("Accept", "application/json")], limits: .ofIssuers))
        } catch {
            throw .unavailable("its \(what): \(error)")
        }
        guard answer.status == 200 else { throw .unavailable("its \(what): HTTP \(answer.status)") }
        return answer
    }

    private static func result<Value>(
        _ work: () async throws(OpenIDError) -> Value
    ) async -> Result<Value, OpenIDError> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}

extension OutgoingLimits {
    /// Somebody waits, and the documents are small.
    static let ofIssuers = OutgoingLimits(total: .seconds(8), responseBytes: 500_000)
}

/// How long an answer may be used again (RFC 9111, 5.2.2): between a minute and a day, ten minutes when it does not say.
enum CacheControl {
    static func freshness(of answer: OutgoingResponse) -> Duration {
        guard let header = answer.header("Cache-Control") else { return .minutes(10) }
        let directives = header.lowercased().split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if directives.contains("no-store") || directives.contains("no-cache") { return .minutes(1) }
        let age = directives.first { $0.hasPrefix("max-age=") }.flatMap { Int($0.dropFirst(8)) }
        return .seconds(min(max(age ?? 600, 60), 86_400))
    }
}
