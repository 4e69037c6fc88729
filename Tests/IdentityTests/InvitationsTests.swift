import Access
import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

@Suite struct InvitationsTests {
    private let account = Joining.NewAccount(
        name: "Nova Lindqvist", password: "seven green lanterns", timeZone: "Europe/Stockholm")

    @Test func `who was invited makes an account and is in`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await fixture.service.invitations.invite(
                "Nova@People.example", as: .mentor, by: try await fixture.actor("amara"))
            let token = fixture.mails.lastToken
            let offer = try await fixture.service.joining.offer(for: token, from: IdentityFixture.origin)
            #expect(offer.organizationName == "Northlight" && offer.role == .mentor && !offer.hasAccount)

            let pass = try await fixture.service.joining.accept(token, asNew: account, from: IdentityFixture.origin)

            let profile = try await fixture.service.profiles.of(Person(pass.principal, address: nil))
            #expect(profile.email == "nova@people.example" && profile.timeZone == "Europe/Stockholm")
            #expect(profile.memberships.map(\.role) == [.mentor])
            _ = try await fixture.service.signIn.signIn(
                email: "nova@people.example", password: account.password, through: .browser,
                from: IdentityFixture.origin)
        }
    }

    @Test func `an invitation works once`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await fixture.service.invitations.invite(
                "nova@people.example", as: .mentor, by: try await fixture.actor("amara"))
            let token = fixture.mails.lastToken
            _ = try await fixture.service.joining.accept(token, asNew: account, from: IdentityFixture.origin)

            await #expect(throws: JoiningError.invitationGone) {
                try await fixture.service.joining.accept(token, asNew: account, from: IdentityFixture.origin)
            }
        }
    }

    @Test func `without a mail server the link is told to whoever invites, and to nobody again`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database, sendsMail: false)
            let amara = try await fixture.actor("amara")
            let made = try await fixture.service.invitations.invite("nova@people.example", as: .mentor, by: amara)

            let link = try #require(made.link.flatMap { URLComponents(url: $0, resolvingAgainstBaseURL: false) })
            let token = try #require(link.queryItems?.first?.value)
            let listed = try await fixture.service.invitations.list(after: nil, limit: 9, as: amara)
            #expect(listed.items.map(\.link) == [nil])
            _ = try await fixture.service.joining.accept(token, asNew: account, from: IdentityFixture.origin)
            await #expect(throws: AccountMailerError.noMailServer) {
                try await fixture.service.links.send(
                    to: "nova@people.example", next: nil, from: IdentityFixture.origin)
            }
        }
    }

    @Test func `with a mail server the link goes by mail alone`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let made = try await fixture.service.invitations.invite(
                "nova@people.example", as: .mentor, by: try await fixture.actor("amara"))

            #expect(made.link == nil && !fixture.mails.lastToken.isEmpty)
        }
    }

    @Test func `of many who open one invitation at once, one gets in`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await fixture.service.invitations.invite(
                "nova@people.example", as: .student, by: try await fixture.actor("amara"))
            let token = fixture.mails.lastToken

            let entered = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        (try? await fixture.service.joining.accept(
                            token, asNew: account, from: IdentityFixture.origin)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(entered == 1)
        }
    }

    @Test func `an invitation never changes an account that there is`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await fixture.service.invitations.invite(
                "seth@people.example", as: .admin, by: try await fixture.actor("amara"))
            let token = fixture.mails.lastToken

            await #expect(throws: JoiningError.accountExists) {
                try await fixture.service.joining.accept(token, asNew: account, from: IdentityFixture.origin)
            }

            _ = try await fixture.signIn("seth")  // with the password that he had
            let seth = try await fixture.person("seth")
            #expect(try await fixture.service.profiles.of(seth).name == "Seth")
            try await fixture.service.joining.accept(token, as: seth)
            #expect(try await fixture.service.profiles.of(seth).memberships.count == 2)
        }
    }

    @Test func `an invitation opens for the address that it was mailed to, and no other`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await fixture.service.invitations.invite(
                "seth@people.example", as: .admin, by: try await fixture.actor("amara"))
            let token = fixture.mails.lastToken

            let ada = try await fixture.person("ada")

            await #expect(throws: JoiningError.forAnother) {
                try await fixture.service.joining.accept(token, as: ada)
            }
        }
    }

    @Test func `an invitation that was taken back, replaced or is a week old leads nowhere`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let amara = try await fixture.actor("amara")
            let first = try await fixture.service.invitations.invite("nova@people.example", as: .mentor, by: amara)
            let firstToken = fixture.mails.lastToken
            let second = try await fixture.service.invitations.resend(first.id, by: amara)
            let secondToken = fixture.mails.lastToken
            _ = try await fixture.service.invitations.invite("nils@people.example", as: .mentor, by: amara)
            let thirdToken = fixture.mails.lastToken
            try await fixture.service.invitations.revoke(second.id, by: amara)
            fixture.clock.advance(by: .hours(24 * 7))

            for token in [firstToken, secondToken, thirdToken, "made up"] {
                await #expect(throws: JoiningError.invitationGone) {
                    try await fixture.service.joining.accept(token, asNew: account, from: IdentityFixture.origin)
                }
            }
        }
    }

    @Test func `a weak password makes no account, and the invitation stays open`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            _ = try await fixture.service.invitations.invite(
                "nova@people.example", as: .mentor, by: try await fixture.actor("amara"))
            let token = fixture.mails.lastToken

            await #expect(throws: PasswordWeakness.common) {
                try await fixture.service.joining.accept(
                    token, asNew: Joining.NewAccount(name: "Nova", password: "Password1234", timeZone: "UTC"),
                    from: IdentityFixture.origin)
            }

            _ = try await fixture.service.joining.accept(token, asNew: account, from: IdentityFixture.origin)
        }
    }

    @Test func `whoever signs up founds an organization, and is its admin`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            try await fixture.service.joining.signUp(
                "nova@people.example", founding: "Northlight", from: IdentityFixture.origin)

            let pass = try await fixture.service.joining.accept(
                fixture.mails.lastToken, asNew: account, from: IdentityFixture.origin)

            let profile = try await fixture.service.profiles.of(Person(pass.principal, address: nil))
            #expect(profile.memberships.map(\.role) == [.admin])
            let organization = try await fixture.service.organizations.current(
                as: Actor(Person(pass.principal, address: nil), in: nil, roles: [.admin]))
            #expect(organization.name == "Northlight" && organization.slug == "northlight")
        }
    }

    @Test func `signing up with the address of an account changes nothing, and looks the same`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)

            try await fixture.service.joining.signUp(
                "mei@people.example", founding: "Mine", from: IdentityFixture.origin)

            guard case .accountExists = fixture.mails.all.last?.mail else {
                Issue.record("another letter was written")
                return
            }
            #expect(try await fixture.owner.row("SELECT count(*) FROM invitations", as: Int.self) == 0)
        }
    }

    @Test func `where sign-up is closed nobody founds an organization`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database, isOpen: false)

            await #expect(throws: JoiningError.closed) {
                try await fixture.service.joining.signUp(
                    "nova@people.example", founding: "X", from: IdentityFixture.origin)
            }
        }
    }
}
