import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

@Suite struct MembersTests {
    @Test func `a role that is taken away is gone at the next request`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let clara = try await community.actor("clara", roles: [.counselor])
            _ = try await community.desk.organizations.current(as: clara)

            _ = try await community.desk.members.change(
                community["clara"], to: .student, as: try await community.actor("amara"))

            await #expect(throws: AccessError.forbidden) { try await community.desk.organizations.current(as: clara) }
        }
    }

    @Test func `who was taken out sees nothing of the organisation from the next request on`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let mei = try await community.actor("mei", in: community.north)
            _ = try await community.desk.organizations.current(as: mei)

            _ = try await community.desk.members.remove(
                community["mei"], handingOverTo: nil, as: try await community.actor("amara"))

            await #expect(throws: AccessError.notAMember) { try await community.desk.organizations.current(as: mei) }
            let again = try await community.desk.members.readmit(
                community["mei"], as: .mentor, actor: try await community.actor("amara"))
            #expect(again.role == .mentor)
        }
    }

    @Test func `the last admin can neither leave nor step down, and of two only one`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let amara = try await community.actor("amara")
            await #expect(throws: OrganizationError.lastAdmin) {
                try await community.desk.members.remove(community["amara"], handingOverTo: nil, as: amara)
            }
            await #expect(throws: OrganizationError.lastAdmin) {
                try await community.desk.members.change(community["amara"], to: .mentor, as: amara)
            }
            _ = try await community.desk.members.change(community["clara"], to: .admin, as: amara)
            let clara = try await community.actor("clara")

            async let first = try? community.desk.members.remove(community["amara"], handingOverTo: nil, as: amara)
            async let second = try? community.desk.members.remove(community["clara"], handingOverTo: nil, as: clara)
            let gone = await [first, second].compactMap(\.self).count

            #expect(gone == 1)
        }
    }

    @Test func `members leave by themselves and take nobody else out`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let sofia = try await community.actor("sofia")

            await #expect(throws: AccessError.forbidden) {
                try await community.desk.members.remove(community["mei"], handingOverTo: nil, as: sofia)
            }
            _ = try await community.desk.members.remove(community["sofia"], handingOverTo: nil, as: sofia)

            let left = try await community.desk.members.list(
                role: nil, group: nil, named: nil, after: nil, limit: 50, as: try await community.actor("amara"))
            #expect(left.items.map(\.name) == ["Amara", "Caspar", "Clara", "Mei"])
        }
    }

    @Test func `what somebody had booked is handed over to who may book`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            try await community.owner.run(
                """
                INSERT INTO comm_sessions (id, organization_id, title, status, scheduled_at, duration,
                    created_by_counselor_id, student_user_id, counselor_user_id, meeting_provider)
                VALUES (\(SessionID(at: .now)), \(community.north), 'Talk', 'pending_meeting', now() + interval '1 day',
                    60, \(community["clara"]), \(community["sofia"]), \(community["caspar"]), 'zoom')
                """)
            let amara = try await community.actor("amara")
            await #expect(throws: OrganizationError.noSuccessor) {
                try await community.desk.members.remove(
                    community["clara"], handingOverTo: community["mei"], as: amara)
            }

            let departure = try await community.desk.members.remove(
                community["clara"], handingOverTo: community["caspar"], as: amara)

            #expect(departure.handedOver == 1)
            let now = try await community.owner.row(
                "SELECT created_by_counselor_id FROM comm_sessions", as: UserID.self)
            #expect(now == community["caspar"])
        }
    }

    @Test func `another organisation's people and groups do not exist`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let ada = try await community.actor("ada")
            let group = try await community.desk.groups.create(
                name: "Evening", as: try await community.actor("amara"))

            await #expect(throws: OrganizationError.noSuchThing) {
                try await community.desk.members.change(community["mei"], to: .student, as: ada)
            }
            await #expect(throws: OrganizationError.noSuchThing) {
                try await community.desk.members.remove(community["mei"], handingOverTo: nil, as: ada)
            }
            await #expect(throws: OrganizationError.noSuchThing) {
                try await community.desk.groups.add(community["seth"], to: group.id, as: ada)
            }
            await #expect(throws: OrganizationError.noSuchThing) {
                try await community.desk.groups.add(
                    community["seth"], to: group.id, as: try await community.actor("amara"))
            }
        }
    }

    @Test func `groups have names of their own, and members who can be listed`() async throws {
        try await withDatabase { database in
            let community = try await Community(database)
            let amara = try await community.actor("amara")
            let evening = try await community.desk.groups.create(name: "Evening", as: amara)
            await #expect(throws: OrganizationError.groupNameTaken) {
                try await community.desk.groups.create(name: "Evening", as: amara)
            }

            try await community.desk.groups.add(community["mei"], to: evening.id, as: amara)
            try await community.desk.groups.add(community["mei"], to: evening.id, as: amara)

            let members = try await community.desk.members.list(
                role: nil, group: evening.id, named: nil, after: nil, limit: 50, as: amara)
            #expect(members.items.map(\.name) == ["Mei"])
            #expect(
                try await community.desk.groups.list(after: nil, limit: 50, as: amara).items.map(\.memberCount) == [1])
        }
    }
}
