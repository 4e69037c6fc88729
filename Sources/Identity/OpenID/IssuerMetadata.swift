import Foundation
import Values

/// What an issuer says about itself (OpenID Connect Discovery 1.0, 3).
struct IssuerMetadata: Sendable {
    let authorizationEndpoint: URL
    let tokenEndpoint: URL
    let keysURL: URL
    /// How the client's secret is sent to the token endpoint.
    let sendsSecretInBody: Bool
    /// Whether its answers always name it (RFC 9207, 3).
    let namesItself: Bool
    /// `nil`: it does not say.
    private let algorithms: Set<String>?

    /// - Throws: ``OpenIDError/unavailable(_:)`` when it speaks of another issuer or lacks what is needed.
    init(_ document: Data, of issuer: OpenIDIssuer) throws(OpenIDError) {
        guard let fields = try? JSONDecoder().decode(Fields.self, fromForeign: document) else {
            throw .unavailable("its configuration is not what OpenID Connect Discovery describes")
        }
        guard fields.issuer == issuer.identifier else {
            throw .unavailable("its configuration is another issuer's")
        }
        let isPlain = issuer.identifier.hasPrefix("http:")
        func url(_ text: String, _ name: String) throws(OpenIDError) -> URL {
            // Anyone who is asked over TLS must not send people, codes or us where there is none.
            guard let url = URL(string: text), url.host() != nil, url.fragment() == nil,
                url.scheme == "https" || (isPlain && url.scheme == "http")
            else { throw .unavailable("its \(name) is no https address") }
            return url
        }
        authorizationEndpoint = try url(fields.authorization_endpoint, "authorization_endpoint")
        tokenEndpoint = try url(fields.token_endpoint, "token_endpoint")
        keysURL = try url(fields.jwks_uri, "jwks_uri")
        guard fields.response_types_supported?.contains("code") ?? true else {
            throw .unavailable("it gives out no codes")
        }
        guard fields.code_challenge_methods_supported?.contains("S256") ?? true else {
            throw .unavailable("it takes no S256 challenge")
        }
        let methods = fields.token_endpoint_auth_methods_supported ?? ["client_secret_basic"]
        sendsSecretInBody = !methods.contains("client_secret_basic") && methods.contains("client_secret_post")
        namesItself = fields.authorization_response_iss_parameter_supported ?? false
        algorithms = fields.id_token_signing_alg_values_supported.map(Set.init)
    }

    func signs(with algorithm: SignatureAlgorithm) -> Bool { algorithms?.contains(algorithm.rawValue) ?? true }

    // The names are the standard's.
    private struct Fields: Decodable {
        let issuer: String
        let authorization_endpoint: String
        let token_endpoint: String
        let jwks_uri: String
        let response_types_supported: [String]?
        let code_challenge_methods_supported: [String]?
        let token_endpoint_auth_methods_supported: [String]?
        let id_token_signing_alg_values_supported: [String]?
        let authorization_response_iss_parameter_supported: Bool?
    }
}
