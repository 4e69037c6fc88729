import Access
import Foundation
import Postgres
import TestSupport
import Testing
import Values

@testable import Identity

@Suite struct MembersTests {
    @Test func `a role that is taken away is gone at the next request`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let clara = try await fixture.actor("clara", roles: [.counselor])
            _ = try await fixture.service.organizations.current(as: clara)

            _ = try await fixture.service.members.change(
                fixture["clara"], to: .student, as: try await fixture.actor("amara"))

            await #expect(throws: AccessError.forbidden) {
                try await fixture.service.organizations.current(as: clara)
            }
        }
    }

    @Test func `who was taken out sees nothing of the organization from the next request on`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let mei = try await fixture.actor("mei", in: fixture.north)
            _ = try await fixture.service.organizations.current(as: mei)

            _ = try await fixture.service.members.remove(
                fixture["mei"], handingOverTo: nil, as: try await fixture.actor("amara"))

            await #expect(throws: AccessError.notAMember) { try await fixture.service.organizations.current(as: mei) }
            let again = try await fixture.service.members.readmit(
                fixture["mei"], as: .mentor, actor: try await fixture.actor("amara"))
            #expect(again.role == .mentor)
        }
    }

    @Test func `the last admin can neither leave nor step down, and of two only one`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let amara = try await fixture.actor("amara")
            await #expect(throws: OrganizationError.lastAdmin) {
                try await fixture.service.members.remove(fixture["amara"], handingOverTo: nil, as: amara)
            }
            await #expect(throws: OrganizationError.lastAdmin) {
                try await fixture.service.members.change(fixture["amara"], to: .mentor, as: amara)
            }
            _ = try await fixture.service.members.change(fixture["clara"], to: .admin, as: amara)
            let clara = try await fixture.actor("clara")

            async let first = try? fixture.service.members.remove(fixture["amara"], handingOverTo: nil, as: amara)
            async let second = try? fixture.service.members.remove(fixture["clara"], handingOverTo: nil, as: clara)
            let gone = await [first, second].compactMap(\.self).count

            #expect(gone == 1)
        }
    }

    @Test func `members leave by themselves and take nobody else out`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let sofia = try await fixture.actor("sofia")

            await #expect(throws: AccessError.forbidden) {
                try await fixture.service.members.remove(fixture["mei"], handingOverTo: nil, as: sofia)
            }
            _ = try await fixture.service.members.remove(fixture["sofia"], handingOverTo: nil, as: sofia)

            let left = try await fixture.service.members.list(
                limit: 50, as: try await fixture.actor("amara"))
            #expect(left.items.map(\.name) == ["Amara", "Caspar", "Clara", "Mei"])
        }
    }

    @Test func `what somebody had booked is handed over to who may book`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database, observers: [CommSessions()])
            try await fixture.owner.run(
                """
                INSERT INTO comm_sessions (id, organization_id, title, status, scheduled_at, duration,
                    created_by_counselor_id, student_user_id, counselor_user_id, meeting_provider)
                VALUES (\(SessionID(at: .now)), \(fixture.north), 'Talk', 'pending_meeting', now() + interval '1 day',
                    60, \(fixture["clara"]), \(fixture["sofia"]), \(fixture["caspar"]), 'zoom')
                """)
            let amara = try await fixture.actor("amara")
            await #expect(throws: OrganizationError.noSuccessor) {
                try await fixture.service.members.remove(
                    fixture["clara"], handingOverTo: fixture["mei"], as: amara)
            }

            let departure = try await fixture.service.members.remove(
                fixture["clara"], handingOverTo: fixture["caspar"], as: amara)

            #expect(departure.handedOver == 1)
            let now = try await fixture.owner.row(
                "SELECT created_by_counselor_id FROM comm_sessions", as: UserID.self)
            #expect(now == fixture["caspar"])
            #expect(departure.sessions.map(\.title) == ["Talk"])
        }
    }

    @Test func `of two who edit one thing, the second is told that it has changed`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let amara = try await fixture.actor("amara")
            let service = fixture.service
            let group = try await service.groups.create(name: "Evening", as: amara)

            try await service.groups.rename(group.id, to: "Morning", from: group.version, as: amara)
            let named = try await service.organizations.update(.init(name: Line("North"), version: 1), as: amara)
            let changed = try await service.members.change(fixture["mei"], to: .counselor, from: 1, as: amara)

            #expect(named.version == 2 && changed.member.version == 2)
            await #expect(throws: StaleVersion(current: 2)) {
                try await service.groups.rename(group.id, to: "Night", from: group.version, as: amara)
            }
            await #expect(throws: StaleVersion(current: 2)) {
                try await service.organizations.update(.init(timeZone: "Asia/Tokyo", version: 1), as: amara)
            }
            await #expect(throws: StaleVersion(current: 2)) {
                try await service.members.change(fixture["mei"], to: .admin, from: 1, as: amara)
            }
            let current = try await service.organizations.current(as: amara)
            #expect(current.name == "North" && current.timeZone == "UTC" && current.version == 2)
            #expect(try await service.groups.list(after: nil, limit: 5, as: amara).items.map(\.name) == ["Morning"])
            _ = try await service.organizations.update(.init(timeZone: "Asia/Tokyo"), as: amara)
            await #expect(throws: OrganizationError.noSuchThing) {
                try await service.groups.rename(GroupID(at: .now), to: "Night", from: 1, as: amara)
            }
        }
    }

    @Test func `who comes back or is changed by another way has another version too`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let amara = try await fixture.actor("amara")
            _ = try await fixture.service.members.remove(fixture["mei"], handingOverTo: nil, as: amara)

            let back = try await fixture.service.members.readmit(fixture["mei"], as: .mentor, actor: amara)

            #expect(back.version == 3)
            await #expect(throws: StaleVersion(current: 3)) {
                try await fixture.service.members.change(fixture["mei"], to: .admin, from: 1, as: amara)
            }
        }
    }

    @Test func `who is no admin any more, or has left, has no invitations open`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let amara = try await fixture.actor("amara")
            for name in ["clara", "caspar"] {
                _ = try await fixture.service.members.change(fixture[name], to: .admin, as: amara)
                _ = try await fixture.service.invitations.invite(
                    try EmailAddress("friend-of-\(name)@people.example"), as: .admin,
                    by: try await fixture.actor(name))
            }

            _ = try await fixture.service.members.change(fixture["clara"], to: .counselor, as: amara)
            _ = try await fixture.service.members.remove(fixture["caspar"], handingOverTo: nil, as: amara)

            let open = try await fixture.service.invitations.list(after: nil, limit: 10, as: amara)
            #expect(open.items.isEmpty)
        }
    }

    @Test func `another organization's people and groups do not exist`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let ada = try await fixture.actor("ada")
            let group = try await fixture.service.groups.create(
                name: "Evening", as: try await fixture.actor("amara"))

            await #expect(throws: OrganizationError.noSuchThing) {
                try await fixture.service.members.change(fixture["mei"], to: .student, as: ada)
            }
            await #expect(throws: OrganizationError.noSuchThing) {
                try await fixture.service.members.remove(fixture["mei"], handingOverTo: nil, as: ada)
            }
            await #expect(throws: OrganizationError.noSuchThing) {
                try await fixture.service.groups.add(fixture["seth"], to: group.id, as: ada)
            }
            await #expect(throws: OrganizationError.noSuchThing) {
                try await fixture.service.groups.add(
                    fixture["seth"], to: group.id, as: try await fixture.actor("amara"))
            }
        }
    }

    @Test func `groups have names of their own, and members who can be listed`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let amara = try await fixture.actor("amara")
            let evening = try await fixture.service.groups.create(name: "Evening", as: amara)
            await #expect(throws: OrganizationError.groupNameTaken) {
                try await fixture.service.groups.create(name: "Evening", as: amara)
            }

            try await fixture.service.groups.add(fixture["mei"], to: evening.id, as: amara)
            try await fixture.service.groups.add(fixture["mei"], to: evening.id, as: amara)

            let members = try await fixture.service.members.list(
                MemberFilter(group: evening.id), limit: 50, as: amara)
            #expect(members.items.map(\.name) == ["Mei"])
            #expect(
                try await fixture.service.groups.list(after: nil, limit: 50, as: amara).items.map(\.memberCount) == [
                    1
                ])
        }
    }

    @Test(arguments: [
        (" ISTANBUL ", "istanbul"), ("Istanbul", "ISTANBUL"), ("\u{130}stanbul", "ISTANBUL"),
        ("\u{131}stanbul", "Istanbul"),
        ("Straße", "STRASSE"), ("Year  12", "year 12"), ("Year\u{a0}12", "YEAR 12"), ("\u{c9}cole", "e\u{301}cole"),
        ("ΣΟΦΟΣ", "σοφος"), ("Ｙｅａｒ", "year"),
    ])
    func `a group's name is one name however it is written`(_ first: String, _ second: String) async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let amara = try await fixture.actor("amara")
            let made = try await fixture.service.groups.create(name: first, as: amara)
            let other = try await fixture.service.groups.create(name: "Another", as: amara)

            await #expect(throws: OrganizationError.groupNameTaken) {
                try await fixture.service.groups.create(name: second, as: amara)
            }
            await #expect(throws: OrganizationError.groupNameTaken) {
                try await fixture.service.groups.rename(other.id, to: second, as: amara)
            }
            try await fixture.service.groups.rename(made.id, to: second, as: amara)
            #expect(made.name == first.trimmingCharacters(in: .whitespaces))
            _ = try await fixture.service.groups.create(name: second, as: try await fixture.actor("ada"))
        }
    }

    @Test func `a group's name says something`() async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            let amara = try await fixture.actor("amara")
            for blank in [" ", "\t\n", "\u{a0}\u{3000}"] {
                await #expect(throws: OrganizationError.blankName) {
                    try await fixture.service.groups.create(name: blank, as: amara)
                }
            }
        }
    }
}

/// Stands for a context that has something in a member's name.
private struct CommSessions: MembershipObserver {
    func handOver(from user: UserID, to successor: UserID) -> [SQL] {
        [
            """
            UPDATE comm_sessions SET created_by_counselor_id = \(successor)
            WHERE organization_id = app_org_id() AND created_by_counselor_id = \(user)
            """
        ]
    }

    func commitments(of user: UserID, exceptAs role: Role?, after now: Date) -> SQL {
        "SELECT id, 'comm_session' AS kind, title, scheduled_at FROM comm_sessions WHERE scheduled_at > \(now)"
    }
}
