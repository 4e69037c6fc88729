import Access
import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

@Suite struct SignInTests {
    @Test func `the right password signs in, whatever the case of the address`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)

            let pass = try await fixture.service.signIn.signIn(
                email: "Mei@People.example", password: IdentityFixture.password, through: .program,
                from: IdentityFixture.origin)

            #expect(pass.principal.user == fixture["mei"])
        }
    }

    @Test func `a wrong password and an unknown address are refused alike`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)

            await #expect(throws: SignInError.wrongCredentials) {
                try await fixture.signIn("mei", password: "battery staple")
            }
            await #expect(throws: SignInError.wrongCredentials) { try await fixture.signIn("nobody") }
        }
    }

    @Test func `a sign-in that has ended is refused at the next request`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let pass = try await fixture.signIn("mei")
            let mei = Person(pass.principal, address: nil)
            #expect(try await fixture.service.profiles.of(mei).name == "Mei")

            try await fixture.service.signIn.signOut(pass.principal)

            await #expect(throws: AccessError.signedOut) { try await fixture.service.profiles.of(mei) }
        }
    }

    @Test func `a refresh token works once`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let first = try #require(try await fixture.signIn("mei", through: .program).refreshToken)

            let second = try await fixture.service.signIn.refresh(first)

            #expect(second.refreshToken != first)
            _ = try await fixture.service.signIn.refresh(try #require(second.refreshToken))
        }
    }

    @Test func `a refresh token that is shown again ends the sign-in, for two have it`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let first = try #require(try await fixture.signIn("mei", through: .program).refreshToken)
            let second = try await fixture.service.signIn.refresh(first)

            await #expect(throws: SignInError.wrongCredentials) { try await fixture.service.signIn.refresh(first) }

            await #expect(throws: SignInError.wrongCredentials) {
                try await fixture.service.signIn.refresh(try #require(second.refreshToken))
            }
            await #expect(throws: AccessError.signedOut) {
                try await fixture.service.profiles.of(Person(second.principal, address: nil))
            }
        }
    }

    @Test func `people see where they are signed in, and end it there`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let phone = try await fixture.signIn("mei", from: "198.51.100.7")
            let here = Person(try await fixture.signIn("mei").principal, address: "192.0.2.1")

            let signIns = try await fixture.service.ownSignIns.list(as: here)
            #expect(signIns.map(\.isCurrent) == [true, false])
            #expect(signIns.last?.address == "198.51.100.7")
            try await fixture.service.ownSignIns.end(phone.principal.signIn, as: here)

            await #expect(throws: AccessError.signedOut) {
                try await fixture.service.profiles.of(Person(phone.principal, address: nil))
            }
            let sofia = try await fixture.person("sofia")
            await #expect(throws: SignInError.noSuchThing) {
                try await fixture.service.ownSignIns.end(here.signIn, as: sofia)
            }
        }
    }

    @Test func `signing out everywhere ends them all`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let one = try await fixture.person("mei")
            let two = try await fixture.person("mei")

            try await fixture.service.ownSignIns.endAll(keepingThis: true, as: one)
            _ = try await fixture.service.profiles.of(one)
            await #expect(throws: AccessError.signedOut) { try await fixture.service.profiles.of(two) }
            try await fixture.service.ownSignIns.endAll(keepingThis: false, as: one)

            await #expect(throws: AccessError.signedOut) { try await fixture.service.profiles.of(one) }
        }
    }

    @Test func `people are told of a sign-in from where they have never been, and of no other`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await fixture.signIn("mei")
            _ = try await fixture.signIn("mei")
            #expect(fixture.mails.all.isEmpty)

            _ = try await fixture.signIn("mei", from: "198.51.100.7")

            guard case .unfamiliarSignIn(_, "198.51.100.7", _) = fixture.mails.all.last?.mail else {
                Issue.record("nobody was told")
                return
            }
            #expect(fixture.mails.all.map(\.address) == ["mei@people.example"])
        }
    }
}
