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
            let community = try await Community(database)
            _ = try await community.desk.invitations.invite(
                "Nova@People.example", as: .mentor, by: try await community.actor("amara"))
            let token = community.letters.lastToken
            let offer = try await community.desk.joining.offer(for: token, from: Community.origin)
            #expect(offer.organizationName == "Northlight" && offer.role == .mentor && !offer.hasAccount)

            let pass = try await community.desk.joining.accept(token, asNew: account, from: Community.origin)

            let profile = try await community.desk.profiles.of(Person(pass.holder, address: nil))
            #expect(profile.email == "nova@people.example" && profile.timeZone == "Europe/Stockholm")
            #expect(profile.memberships.map(\.role) == [.mentor])
            _ = try await community.desk.signIn.signIn(
                email: "nova@people.example", password: account.password, through: .browser, from: Community.origin)
        }
    }

    @Test func `an invitation works once`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            _ = try await community.desk.invitations.invite(
                "nova@people.example", as: .mentor, by: try await community.actor("amara"))
            let token = community.letters.lastToken
            _ = try await community.desk.joining.accept(token, asNew: account, from: Community.origin)

            await #expect(throws: JoiningError.invitationGone) {
                try await community.desk.joining.accept(token, asNew: account, from: Community.origin)
            }
        }
    }

    @Test func `of many who open one invitation at once, one gets in`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            _ = try await community.desk.invitations.invite(
                "nova@people.example", as: .student, by: try await community.actor("amara"))
            let token = community.letters.lastToken

            let entered = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        (try? await community.desk.joining.accept(token, asNew: account, from: Community.origin)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }

            #expect(entered == 1)
        }
    }

    @Test func `an invitation never changes an account that there is`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            _ = try await community.desk.invitations.invite(
                "seth@people.example", as: .admin, by: try await community.actor("amara"))
            let token = community.letters.lastToken

            await #expect(throws: JoiningError.accountExists) {
                try await community.desk.joining.accept(token, asNew: account, from: Community.origin)
            }

            _ = try await community.signIn("seth")  // with the password that he had
            let seth = try await community.person("seth")
            #expect(try await community.desk.profiles.of(seth).name == "Seth")
            try await community.desk.joining.accept(token, as: seth)
            #expect(try await community.desk.profiles.of(seth).memberships.count == 2)
        }
    }

    @Test func `an invitation opens for the address that it was mailed to, and no other`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            _ = try await community.desk.invitations.invite(
                "seth@people.example", as: .admin, by: try await community.actor("amara"))
            let token = community.letters.lastToken

            let ada = try await community.person("ada")

            await #expect(throws: JoiningError.forAnother) { try await community.desk.joining.accept(token, as: ada) }
        }
    }

    @Test func `an invitation that was taken back, replaced or is a week old leads nowhere`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let amara = try await community.actor("amara")
            let first = try await community.desk.invitations.invite("nova@people.example", as: .mentor, by: amara)
            let firstToken = community.letters.lastToken
            let second = try await community.desk.invitations.resend(first.id, by: amara)
            let secondToken = community.letters.lastToken
            _ = try await community.desk.invitations.invite("nils@people.example", as: .mentor, by: amara)
            let thirdToken = community.letters.lastToken
            try await community.desk.invitations.revoke(second.id, by: amara)
            community.clock.advance(by: .hours(24 * 7))

            for token in [firstToken, secondToken, thirdToken, "made up"] {
                await #expect(throws: JoiningError.invitationGone) {
                    try await community.desk.joining.accept(token, asNew: account, from: Community.origin)
                }
            }
        }
    }

    @Test func `a weak password makes no account, and the invitation stays open`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            _ = try await community.desk.invitations.invite(
                "nova@people.example", as: .mentor, by: try await community.actor("amara"))
            let token = community.letters.lastToken

            await #expect(throws: PasswordWeakness.common) {
                try await community.desk.joining.accept(
                    token, asNew: Joining.NewAccount(name: "Nova", password: "Password1234", timeZone: "UTC"),
                    from: Community.origin)
            }

            _ = try await community.desk.joining.accept(token, asNew: account, from: Community.origin)
        }
    }

    @Test func `whoever signs up founds an organisation, and is its admin`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            try await community.desk.joining.signUp(
                "nova@people.example", founding: "Northlight", from: Community.origin)

            let pass = try await community.desk.joining.accept(
                community.letters.lastToken, asNew: account, from: Community.origin)

            let profile = try await community.desk.profiles.of(Person(pass.holder, address: nil))
            #expect(profile.memberships.map(\.role) == [.admin])
            let organization = try await community.desk.organizations.current(
                as: Actor(Person(pass.holder, address: nil), in: nil, roles: [.admin]))
            #expect(organization.name == "Northlight" && organization.slug == "northlight")
        }
    }

    @Test func `signing up with the address of an account changes nothing, and looks the same`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)

            try await community.desk.joining.signUp("mei@people.example", founding: "Mine", from: Community.origin)

            guard case .accountExists = community.letters.all.last?.letter else {
                Issue.record("another letter was written")
                return
            }
            #expect(try await community.owner.row("SELECT count(*) FROM invitations", as: Int.self) == 0)
        }
    }

    @Test func `where sign-up is closed nobody founds an organisation`() async throws {
        try await withDatabase { database in
            let community = try await Community(database, isOpen: false)

            await #expect(throws: JoiningError.closed) {
                try await community.desk.joining.signUp("nova@people.example", founding: "X", from: Community.origin)
            }
        }
    }
}
