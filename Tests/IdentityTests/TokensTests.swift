import Access
import Foundation
import Identity
import TestSupport
import Testing
import Values

@Suite struct TokensTests {
    private static let secret = Data(repeating: 7, count: 32)
    private let clock = TestClock()
    private let principal = Principal(user: UserID(at: .now), signIn: SignInID(at: .now))

    @Test func `a token says who holds it`() async throws {
        let tokens = await Tokens(secret: Self.secret, clock: clock)

        let token = try await tokens.sign(principal, for: .program)

        #expect(await tokens.principal(of: token, from: .program) == principal)
    }

    @Test func `a token made for a cookie is no bearer token, nor the other way round`() async throws {
        let tokens = await Tokens(secret: Self.secret, clock: clock)

        #expect(await tokens.principal(of: try await tokens.sign(principal, for: .browser), from: .program) == nil)
        #expect(await tokens.principal(of: try await tokens.sign(principal, for: .program), from: .browser) == nil)
    }

    @Test func `an access token ends after fifteen minutes`() async throws {
        let tokens = await Tokens(secret: Self.secret, clock: clock)
        let token = try await tokens.sign(principal, for: .program)

        clock.advance(by: .minutes(15))

        #expect(await tokens.principal(of: token, from: .program) == nil)
    }

    @Test func `a token from the future is refused`() async throws {
        let tokens = await Tokens(secret: Self.secret, clock: clock)
        let later = TestClock(now: clock.now.advanced(by: .minutes(5)))
        let token = try await Tokens(secret: Self.secret, clock: later).sign(principal, for: .program)

        #expect(await tokens.principal(of: token, from: .program) == nil)
    }

    @Test func `a token that is not written as we write them is refused`() async throws {
        let tokens = await Tokens(secret: Self.secret, clock: clock)
        let token = try await tokens.sign(principal, for: .program)

        for other in [token + "=", token + "\0", token + ".", " " + token, token + "\n"] {
            #expect(await tokens.principal(of: other, from: .program) == nil, "\(other)")
        }
    }

    @Test func `another installation's token is refused`() async throws {
        let ours = await Tokens(secret: Self.secret, clock: clock)
        let theirs = await Tokens(secret: Data(repeating: 8, count: 32), clock: clock)

        #expect(await ours.principal(of: try await theirs.sign(principal, for: .program), from: .program) == nil)
    }

    @Test func `a token without a signature, or with a bit changed, is refused`() async throws {
        let tokens = await Tokens(secret: Self.secret, clock: clock)
        let token = try await tokens.sign(principal, for: .program)
        let parts = token.split(separator: ".").map(String.init)
        let none = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().replacing("=", with: "")

        var forgeries = ["", "x", "a.b.c", "\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])"]
        for index in token.indices.prefix(200) where token[index] != "." {
            let other = token[index] == "A" ? "B" : "A"
            forgeries.append(token.replacingCharacters(in: index...index, with: other))
        }

        for forged in forgeries {
            #expect(await tokens.principal(of: forged, from: .program) == nil, "\(forged)")
        }
    }

    @Test func `a form token belongs to one sign-in`() async {
        let tokens = await Tokens(secret: Self.secret, clock: clock)
        let other = SignInID(at: .now)

        #expect(tokens.isFormToken(tokens.formToken(for: principal.signIn), for: principal.signIn))
        #expect(!tokens.isFormToken(tokens.formToken(for: principal.signIn), for: other))
        #expect(!tokens.isFormToken("", for: principal.signIn))
    }

    @Test func `a form token is another text on each page`() async {
        let tokens = await Tokens(secret: Self.secret, clock: clock)
        let pages = (0..<50).map { _ in tokens.formToken(for: principal.signIn) }

        // No text of four letters, which is what compression finds, is in all of them at one place.
        let prefixes = Set(pages.map { $0.prefix(4) }), suffixes = Set(pages.map { $0.suffix(4) })
        #expect(Set(pages).count == 50 && prefixes.count > 40 && suffixes.count > 40)
        #expect(pages.allSatisfy { tokens.isFormToken($0, for: principal.signIn) })
        #expect(!tokens.isFormToken(String(pages[0].dropLast()), for: principal.signIn))
        #expect(!tokens.isFormToken(String(pages[0].reversed()), for: principal.signIn))
    }
}
