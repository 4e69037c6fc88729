import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

@Suite struct SignInTests {
    // The database decides by its own clock when a sign-in has run out.
    private let clock = SystemClock()

    private func desk(_ database: Database) async -> SignInDesk {
        SignInDesk(
            database: database, passwords: Passwords(),
            tokens: await Tokens(secret: Data(repeating: 7, count: 32), clock: clock), clock: clock)
    }

    private func addAda(to database: Database) async throws -> UserID {
        let ada = UserID(at: clock.now)
        let hash = await Passwords().hash("correct horse")
        try await database.atomically([
            "INSERT INTO users (id, email, name) VALUES (\(ada), 'ada@demo.example', 'Ada')",
            "INSERT INTO user_passwords (user_id, hash) VALUES (\(ada), \(hash))",
        ])
        return ada
    }

    @Test func `the right password signs in, whatever the case of the address`() async throws {
        try await withDatabase { database in
            let ada = try await addAda(to: database.owner)

            let pass = try await desk(database.app).signIn(
                email: "Ada@Demo.example", password: "correct horse", through: .program)

            #expect(pass.holder.user == ada)
        }
    }

    @Test func `a wrong password and an unknown address are refused alike`() async throws {
        try await withDatabase { database in
            _ = try await addAda(to: database.owner)
            let desk = await desk(database.app)

            await #expect(throws: SignInError.wrongCredentials) {
                try await desk.signIn(email: "ada@demo.example", password: "battery staple", through: .program)
            }
            await #expect(throws: SignInError.wrongCredentials) {
                try await desk.signIn(email: "nobody@demo.example", password: "correct horse", through: .program)
            }
        }
    }

    @Test func `a sign-in that has ended is refused at the next request`() async throws {
        try await withDatabase { database in
            _ = try await addAda(to: database.owner)
            let desk = await desk(database.app)
            let pass = try await desk.signIn(email: "ada@demo.example", password: "correct horse", through: .browser)
            let profiles = Profiles(database: database.app)
            #expect(try await profiles.of(Person(pass.holder, address: nil)).name == "Ada")

            try await desk.signOut(pass.holder)

            await #expect(throws: AccessError.signedOut) { try await profiles.of(Person(pass.holder, address: nil)) }
        }
    }

    @Test func `a refresh token works once`() async throws {
        try await withDatabase { database in
            _ = try await addAda(to: database.owner)
            let desk = await desk(database.app)
            let first = try #require(
                try await desk.signIn(email: "ada@demo.example", password: "correct horse", through: .program)
                    .refreshToken)

            let second = try await desk.refresh(first)

            #expect(second.refreshToken != first)
            await #expect(throws: SignInError.wrongCredentials) { try await desk.refresh(first) }
            _ = try await desk.refresh(try #require(second.refreshToken))
        }
    }
}
