import Access
import Foundation
import Postgres
import TestSupport
import Testing
import Values
@testable import Identity

@Suite struct CredentialsTests {
    /// Switches the second factor of mei on. Returns the app's secret and the recovery codes.
    private func switchOn(_ fixture: IdentityFixture) async throws -> (OneTimePassword, [String]) {
        let mei = try await fixture.person("mei")
        let setup = try await fixture.service.credentials.beginSecondFactor(
            current: IdentityFixture.password, as: mei)
        let app = setup.password
        let codes = try await fixture.service.credentials.switchSecondFactorOn(
            with: app.code(of: OneTimePassword.step(at: fixture.clock.now)), as: mei)
        return (app, codes)
    }

    @Test func `with a second factor the password alone opens nothing`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let (app, _) = try await switchOn(fixture)
            fixture.clock.advance(by: .seconds(30))

            let issued = try await fixture.signIn("mei")
            #expect(issued.needsSecondFactor)
            await #expect(throws: AccessError.secondFactorRequired) {
                try await fixture.service.profiles.of(Person(issued.principal, address: nil))
            }
            try await fixture.service.signIn.complete(
                issued.principal, with: app.code(of: OneTimePassword.step(at: fixture.clock.now)))

            _ = try await fixture.service.profiles.of(Person(issued.principal, address: nil))
        }
    }

    @Test func `a sign-in with the old password does not outlive the change of it`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let (signIn, mei) = (fixture.service.signIn, fixture["mei"])
            let guess = try await fixture.service.guesses.take(at: IdentityFixture.address(of: "mei"), from: nil)
            let found = try await signIn.owner(
                of: IdentityFixture.password, at: IdentityFixture.address(of: "mei"), after: guess)
            let known = try #require(found)

            // The change is under way when the sign-in begins, and is there before it ends.
            let opening = try await database.owner.transaction { tx in
                try await tx.run("UPDATE user_passwords SET updated_at = now() WHERE user_id = \(mei)")
                let (ends, end) = AsyncStream<Void>.makeStream()
                let opening = Task {
                    defer { end.finish() }
                    return try await signIn.open(
                        for: mei, by: .password(setAt: known.setAt), through: .browser, from: IdentityFixture.origin)
                }
                try await Self.waitForALock(in: database.owner, unless: ends)
                return opening
            }

            await #expect(throws: SignInError.wrongCredentials) { _ = try await opening.value }
            let left = try await database.owner.row("SELECT count(*) FROM sign_ins", as: Int.self)
            #expect(left == 0)
        }
    }

    /// Until somebody waits for a lock in this database, or what would have to wait has ended without.
    private static func waitForALock(in database: Database, unless ends: AsyncStream<Void>) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { for await _ in ends {} }
            group.addTask {
                let waiters: SQL = """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                while try await database.row(waiters, as: Int.self) == 0 { try Task.checkCancellation() }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    @Test func `no code works twice`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let (app, recovery) = try await switchOn(fixture)
            fixture.clock.advance(by: .seconds(30))
            let code = app.code(of: OneTimePassword.step(at: fixture.clock.now))

            #expect(try await fixture.signIn("mei", code: code).needsSecondFactor == false)
            await #expect(throws: SignInError.wrongCode) { try await fixture.signIn("mei", code: code) }
            #expect(try await fixture.signIn("mei", code: recovery[0]).needsSecondFactor == false)
            await #expect(throws: SignInError.wrongCode) { try await fixture.signIn("mei", code: recovery[0]) }
        }
    }

    @Test func `codes can be guessed a few times only`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await switchOn(fixture)

            for _ in 0..<5 {
                await #expect(throws: SignInError.wrongCode) { try await fixture.signIn("mei", code: "000000") }
            }
            await #expect(throws: RateLimitReached(wait: .seconds(60))) {
                try await fixture.signIn("mei", code: "000000")
            }
        }
    }

    @Test func `half a sign-in cannot be finished by another person's code`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let (app, _) = try await switchOn(fixture)
            fixture.clock.advance(by: .seconds(30))
            let sofia = try await fixture.signIn("sofia")

            await #expect(throws: SignInError.wrongCode) {
                try await fixture.service.signIn.complete(
                    sofia.principal, with: app.code(of: OneTimePassword.step(at: fixture.clock.now)))
            }
        }
    }

    @Test func `switching it off takes the password, and recovery codes go with it`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await switchOn(fixture)
            let mei = try await fixture.person("mei")
            await #expect(throws: SignInError.wrongPassword) {
                try await fixture.service.credentials.switchSecondFactorOff(current: "wrong", as: mei)
            }
            await #expect(throws: SignInError.tooLongAgo) {
                try await fixture.service.credentials.switchSecondFactorOff(current: nil, as: mei)
            }

            try await fixture.service.credentials.switchSecondFactorOff(current: IdentityFixture.password, as: mei)

            let state = try await fixture.service.secondFactors.state(as: mei)
            #expect(!state.isOn && state.recoveryCodesLeft == 0)
            #expect(try await fixture.signIn("mei").needsSecondFactor == false)
        }
    }

    @Test func `a new password ends all other sign-ins and is told by mail`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let phone = try await fixture.person("mei")
            let here = try await fixture.person("mei")

            try await fixture.service.credentials.change(
                password: "seven green lanterns", current: IdentityFixture.password, as: here)

            await #expect(throws: AccessError.signedOut) { try await fixture.service.profiles.of(phone) }
            _ = try await fixture.service.profiles.of(here)
            await #expect(throws: SignInError.wrongCredentials) { try await fixture.signIn("mei") }
            _ = try await fixture.signIn("mei", password: "seven green lanterns")
            guard case .passwordChanged = fixture.mails.all.last?.mail else {
                Issue.record("nobody was told")
                return
            }
        }
    }

    @Test func `a link signs in once, and lets a forgotten password be replaced`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            try await fixture.service.links.send(
                to: "mei@people.example", next: "/book", from: IdentityFixture.origin)
            let token = fixture.mails.lastToken

            let (issued, next) = try await fixture.service.links.use(token, from: IdentityFixture.origin)

            #expect(next == "/book")
            try await fixture.service.credentials.change(
                password: "seven green lanterns", current: nil, as: Person(issued.principal, address: nil))
            await #expect(throws: SignInError.linkGone) {
                try await fixture.service.links.use(token, from: IdentityFixture.origin)
            }
        }
    }

    @Test func `a new password, or signing out everywhere, ends links that were mailed before`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            for change in [true, false] {
                try await fixture.service.links.send(
                    to: "mei@people.example", next: nil, from: IdentityFixture.origin)
                let token = fixture.mails.lastToken
                let mei = try await fixture.person("mei")

                if change {
                    try await fixture.service.credentials.change(
                        password: "seven green lanterns", current: IdentityFixture.password, as: mei)
                } else {
                    try await fixture.service.ownSignIns.endAll(keepingThis: true, as: mei)
                }

                await #expect(throws: SignInError.linkGone) {
                    try await fixture.service.links.use(token, from: IdentityFixture.origin)
                }
            }
        }
    }

    @Test func `a link is too old after 15 minutes, and one for nobody is none`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            try await fixture.service.links.send(to: "mei@people.example", next: nil, from: IdentityFixture.origin)
            let old = fixture.mails.lastToken
            try await fixture.service.links.send(to: "nobody@people.example", next: nil, from: IdentityFixture.origin)
            let nobodys = fixture.mails.lastToken

            await #expect(throws: SignInError.linkGone) {
                try await fixture.service.links.use(nobodys, from: IdentityFixture.origin)
            }
            fixture.clock.advance(by: .minutes(15))
            await #expect(throws: SignInError.linkGone) {
                try await fixture.service.links.use(old, from: IdentityFixture.origin)
            }
        }
    }
}
