import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

@Suite struct SignInTests {
    @Test func `the right password signs in, whatever the case of the address`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)

            let pass = try await community.desk.signIn.signIn(
                email: "Mei@People.example", password: Community.password, through: .program, from: Community.origin)

            #expect(pass.holder.user == community["mei"])
        }
    }

    @Test func `a wrong password and an unknown address are refused alike`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)

            await #expect(throws: SignInError.wrongCredentials) {
                try await community.signIn("mei", password: "battery staple")
            }
            await #expect(throws: SignInError.wrongCredentials) { try await community.signIn("nobody") }
        }
    }

    @Test func `a sign-in that has ended is refused at the next request`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let pass = try await community.signIn("mei")
            let mei = Person(pass.holder, address: nil)
            #expect(try await community.desk.profiles.of(mei).name == "Mei")

            try await community.desk.signIn.signOut(pass.holder)

            await #expect(throws: AccessError.signedOut) { try await community.desk.profiles.of(mei) }
        }
    }

    @Test func `a refresh token works once`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let first = try #require(try await community.signIn("mei", through: .program).refreshToken)

            let second = try await community.desk.signIn.refresh(first)

            #expect(second.refreshToken != first)
            _ = try await community.desk.signIn.refresh(try #require(second.refreshToken))
        }
    }

    @Test func `a refresh token that is shown again ends the sign-in, for two have it`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let first = try #require(try await community.signIn("mei", through: .program).refreshToken)
            let second = try await community.desk.signIn.refresh(first)

            await #expect(throws: SignInError.wrongCredentials) { try await community.desk.signIn.refresh(first) }

            await #expect(throws: SignInError.wrongCredentials) {
                try await community.desk.signIn.refresh(try #require(second.refreshToken))
            }
            await #expect(throws: AccessError.signedOut) {
                try await community.desk.profiles.of(Person(second.holder, address: nil))
            }
        }
    }

    @Test func `people see where they are signed in, and end it there`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let phone = try await community.signIn("mei", from: "198.51.100.7")
            let here = Person(try await community.signIn("mei").holder, address: "192.0.2.1")

            let signIns = try await community.desk.ownSignIns.list(as: here)
            #expect(signIns.map(\.isCurrent) == [true, false])
            #expect(signIns.last?.address == "198.51.100.7")
            try await community.desk.ownSignIns.end(phone.holder.signIn, as: here)

            await #expect(throws: AccessError.signedOut) {
                try await community.desk.profiles.of(Person(phone.holder, address: nil))
            }
            let sofia = try await community.person("sofia")
            await #expect(throws: SignInError.noSuchThing) {
                try await community.desk.ownSignIns.end(here.signIn, as: sofia)
            }
        }
    }

    @Test func `signing out everywhere ends them all`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let one = try await community.person("mei")
            let two = try await community.person("mei")

            try await community.desk.ownSignIns.endAll(keepingThis: true, as: one)
            _ = try await community.desk.profiles.of(one)
            await #expect(throws: AccessError.signedOut) { try await community.desk.profiles.of(two) }
            try await community.desk.ownSignIns.endAll(keepingThis: false, as: one)

            await #expect(throws: AccessError.signedOut) { try await community.desk.profiles.of(one) }
        }
    }

    @Test func `people are told of a sign-in from where they have never been, and of no other`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            _ = try await community.signIn("mei")
            _ = try await community.signIn("mei")
            #expect(community.letters.all.isEmpty)

            _ = try await community.signIn("mei", from: "198.51.100.7")

            guard case .unfamiliarSignIn(_, "198.51.100.7", _) = community.letters.all.last?.letter else {
                Issue.record("nobody was told")
                return
            }
            #expect(community.letters.all.map(\.address) == ["mei@people.example"])
        }
    }
}
