import Foundation
import TestSupport
import Testing
import Values

@testable import Identity

@Suite struct OpenIDTests {
    private let now = Date(timeIntervalSince1970: 1_788_771_600)
    private let work = OpenIDIssuer(
        slug: "work", name: "Work", identifier: "https://id.work.example", clientID: "us", clientSecret: nil,
        redirectURI: "https://convene.example/api/auth/oidc/work/callback")
    private let google = OpenIDIssuer(
        slug: "google", name: "Google", identifier: OpenIDIssuer.google, clientID: "us", clientSecret: nil,
        redirectURI: "https://convene.example/api/auth/oidc/google/callback")

    /// Right claims, with `changes` as JSON in place of theirs; an empty text takes a member away.
    private func claims(_ changes: [String: String] = [:]) throws -> IDTokenClaims {
        let seconds = Int(saturating: now.timeIntervalSince1970)
        var members = [
            "iss": #""https://id.work.example""#, "sub": #""ada""#, "aud": #""us""#, "nonce": #""once""#,
            "iat": "\(seconds)", "exp": "\(seconds + 300)",
        ]
        members.merge(changes) { $1 }
        let json = members.filter { !$0.value.isEmpty }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        return try JSONDecoder().decode(IDTokenClaims.self, from: Data("{\(json)}".utf8))
    }

    private func flaw(_ changes: [String: String], of issuer: OpenIDIssuer? = nil) throws -> IDTokenFlaw? {
        let claims = try claims(changes)
        do throws(IDTokenFlaw) {
            try claims.check(for: issuer ?? work, nonce: "once", at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the challenge is that of RFC 7636, appendix B`() {
        let challenge = FlowSecrets.challenge(of: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")

        #expect(challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func `verifier and nonce belong to one state and one server, and differ`() {
        let ours = FlowSecrets(secret: Data(repeating: 7, count: 32))
        let theirs = FlowSecrets(secret: Data(repeating: 8, count: 32))

        #expect(ours.verifier(for: "a") == ours.verifier(for: "a"))
        #expect(ours.verifier(for: "a").utf8.count == 43)
        #expect(
            Set([
                ours.verifier(for: "a"), ours.verifier(for: "b"), ours.nonce(for: "a"), theirs.verifier(for: "a"),
            ]).count == 4)
    }

    @Test func `right claims are accepted, several audiences too when it was given to us`() throws {
        #expect(try flaw([:]) == nil)
        #expect(try flaw(["aud": #"["us"]"#, "azp": #""us""#]) == nil)
        #expect(try flaw(["aud": #"["them","us"]"#, "azp": #""us""#]) == nil)
        #expect(try flaw(["sub": "\"\(String(repeating: "a", count: 255))\""]) == nil)
        #expect(try flaw(["email": "7", "email_verified": #""true""#]) == nil)
    }

    @Test(arguments: [
        ("iss", #""https://id.work.example/""#, IDTokenFlaw.issuer), ("iss", #""accounts.google.com""#, .issuer),
        ("aud", #""them""#, .audience), ("aud", "[]", .audience), ("aud", #"["us","them"]"#, .party),
        ("azp", #""them""#, .party), ("exp", "1788771539", .expired), ("exp", "1788771600", .expired),
        ("iat", "1788771661", .issuedAt), ("iat", "1788771000", .issuedAt), ("nbf", "1788771661", .notYet),
        ("nonce", "", .nonce), ("nonce", #""twice""#, .nonce), ("sub", #""""#, .subject),
        ("sub", #""ad\u0000a""#, .subject), ("sub", #""ådå""#, .subject),
    ]) func `a wrong claim is refused`(name: String, value: String, expected: IDTokenFlaw) throws {
        #expect(try flaw([name: value]) == expected)
    }

    @Test func `Google may leave the scheme away in its name, and nobody else`() throws {
        #expect(try flaw(["iss": #""accounts.google.com""#], of: google) == nil)
        #expect(try flaw(["iss": #""https://accounts.google.com""#], of: google) == nil)
        #expect(try flaw(["iss": #""http://accounts.google.com""#], of: google) == .issuer)
    }

    @Test(arguments: ["none", "HS256", "HS384", "HS512", "RS1", "", "rs256"])
    func `only public-key signatures are looked at`(algorithm: String) {
        let header = Data(#"{"alg":"\#(algorithm)"}"#.utf8).base64URL

        #expect(throws: IDTokenFlaw.algorithm) { try IDTokenHeader(of: "\(header).e30.eA") }
    }

    @Test func `a key is for one algorithm, and a token without a key's name takes the only one that fits`() throws {
        let keys = try IssuerKey.all(
            in: Data(
                """
                {"keys": [{"kty": "RSA", "kid": "1", "alg": "RS256"}, {"kty": "RSA", "kid": "2", "use": "enc"},
                          {"kty": "EC", "crv": "P-256", "kid": "3"}, {"kty": "oct", "kid": "4", "k": "eA"}, {"kty": 5}]}
                """.utf8))
        func key(_ algorithm: String, _ name: String? = nil) throws -> String? {
            let kid = name.map { #", "kid": "\#($0)""# } ?? ""
            let header = Data(#"{"alg": "\#(algorithm)"\#(kid)}"#.utf8).base64URL
            return IssuerKey.wanted(by: try IDTokenHeader(of: "\(header).e30.eA"), among: keys)?.kid
        }

        #expect(try key("RS256", "1") == "1")
        #expect(try key("RS256") == "1")
        #expect(try key("ES256") == "3")
        #expect(try key("RS512", "1") == nil)
        #expect(try key("RS256", "2") == nil)
        #expect(try key("ES384", "3") == nil)
        #expect(try key("RS256", "4") == nil)
    }

    @Test(arguments: [
        (#"{"issuer": "https://id.work.example/"}"#, "its configuration is another issuer's"),
        (#"{"token_endpoint": "http://id.work.example/token"}"#, "its token_endpoint is no https address"),
        (#"{"jwks_uri": "file:///keys"}"#, "its jwks_uri is no https address"),
        (#"{"code_challenge_methods_supported": ["plain"]}"#, "it takes no S256 challenge"),
    ]) func `a configuration that cannot be used is refused`(change: String, reason: String) throws {
        var members: [String: Any] = [
            "issuer": "https://id.work.example", "authorization_endpoint": "https://id.work.example/authorize",
            "token_endpoint": "https://id.work.example/token", "jwks_uri": "https://keys.example/work",
        ]
        _ = try IssuerMetadata(JSONSerialization.data(withJSONObject: members), of: work)
        let changes = try JSONSerialization.jsonObject(with: Data(change.utf8)) as? [String: Any]
        members.merge(try #require(changes)) { $1 }
        let document = try JSONSerialization.data(withJSONObject: members)

        #expect(throws: OpenIDError.unavailable(reason)) { try IssuerMetadata(document, of: work) }
    }

    @Test func `what is published is kept while it is fresh, and asked for anew at most once a minute`() async throws {
        let clock = TestClock()
        let count = Counter()
        let document = SingleFlightCache<Int, OpenIDError>(clock: clock, whenCancelled: .brokenOff) {
            .success(.init(await count.next(), freshness: .minutes(10)))
        }

        #expect(try await document.current() == 1)
        #expect(try await document.renewed(ifOlderThan: .seconds(60)) == nil)
        clock.advance(by: .seconds(60))
        #expect(try await document.renewed(ifOlderThan: .seconds(60)) == 2)
        clock.advance(by: .seconds(599))
        #expect(try await document.current() == 2)
        clock.advance(by: .seconds(1))
        #expect(try await document.current() == 3)
    }

    private actor Counter {
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }
}
