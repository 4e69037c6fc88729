import Access
import Foundation
import Identity
import Postgres
import TestSupport
import Testing
import Values

/// Who is found by what somebody types.
@Suite struct MemberSearchTests {
    private static let people = [
        "Zofia Wiśniewska", "José García", "Łucja Nowak", "Jürgen Weiß", "İpek Şahin", "Anna-Lena Ørsted",
        "Nguyễn Thị Mai",
    ]

    /// Amara's organization, with these people among its students.
    private func withPeople(_ work: @escaping @Sendable (IdentityFixture, Actor) async throws -> Void) async throws {
        try await withDatabase { database in
            let fixture = try await IdentityFixture(database)
            for (number, name) in Self.people.enumerated() {
                let id = UserID(at: .now)
                try await database.owner.atomically([
                    "INSERT INTO users (id, email, name) VALUES (\(id), \("person\(number)@people.example"), \(name))",
                    """
                    INSERT INTO memberships (organization_id, user_id, role)
                    VALUES (\(fixture.north), \(id), 'student')
                    """,
                ])
            }
            try await work(fixture, try await fixture.actor("amara"))
        }
    }

    private func expect(
        _ text: String, finds names: [String], _ fixture: IdentityFixture, _ actor: Actor,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await found(text, fixture, actor)
        #expect(found == names, "\(text)", sourceLocation: location)
    }

    private func found(_ text: String, _ fixture: IdentityFixture, _ actor: Actor) async throws -> [String] {
        try await fixture.service.members.list(MemberFilter(text: text), limit: 50, as: actor).items.map(\.name)
    }

    @Test func `accents and case do not matter, neither where they are typed nor where they are missing`() async throws
    {
        try await withPeople { fixture, actor in
            for (text, name) in [
                ("wisn", "Zofia Wiśniewska"), ("WIŚN", "Zofia Wiśniewska"), ("jose", "José García"),
                ("lucja", "Łucja Nowak"), ("łuc", "Łucja Nowak"), ("weiss", "Jürgen Weiß"), ("jurgen w", "Jürgen Weiß"),
                ("ipek s", "İpek Şahin"), ("orsted", "Anna-Lena Ørsted"), ("lena", "Anna-Lena Ørsted"),
                ("thi mai", "Nguyễn Thị Mai"), ("person1@", "José García"), ("garc\u{69}\u{301}a", "José García"),
            ] {
                try await expect(text, finds: [name], fixture, actor)
            }
            try await expect("nobody", finds: [], fixture, actor)
        }
    }

    @Test func `what means something to a pattern is a letter like others`() async throws {
        try await withPeople { fixture, actor in
            for text in ["%", "_", "\\", "'", "*", "(", "Zof%a"] {
                try await expect(text, finds: [], fixture, actor)
            }
        }
    }

    @Test func `whose name begins with it comes first, then whose other words do, page by page`() async throws {
        try await withPeople { fixture, actor in
            let members = fixture.service.members
            var names: [String] = []
            var cursor: Cursor?
            repeat {
                let page = try await members.list(MemberFilter(text: "a"), after: cursor, limit: 2, as: actor)
                names += page.items.map(\.name)
                cursor = page.nextCursor.flatMap(Cursor.init)
            } while cursor != nil

            #expect(names.prefix(2) == ["Amara", "Anna-Lena Ørsted"])
            #expect(Set(names).count == names.count)
            let all = try await found("a", fixture, actor)
            #expect(names == all)
        }
    }

    @Test func `another name is found at once, in every organization`() async throws {
        try await withPeople { fixture, actor in
            try await fixture.owner.atomically([
                "UPDATE users SET name = 'Séverine Dupont', email = 'severine@elsewhere.example' WHERE id = \(fixture["mei"])"
            ])

            try await expect("severine d", finds: ["Séverine Dupont"], fixture, actor)
            try await expect("elsewhere", finds: ["Séverine Dupont"], fixture, actor)
            try await expect("mei", finds: [], fixture, actor)
        }
    }

    @Test func `roles, groups and ids narrow it down, together with a text or without`() async throws {
        try await withPeople { fixture, actor in
            let (members, groups) = (fixture.service.members, fixture.service.groups)
            func names(_ filter: MemberFilter) async throws -> [String] {
                try await members.list(filter, limit: 50, as: actor).items.map(\.name)
            }
            let evening = try await groups.create(name: "Evening", as: actor)
            try await groups.add(fixture["mei"], to: evening.id, as: actor)

            #expect(try await names(MemberFilter(roles: [.counselor, .admin])) == ["Amara", "Caspar", "Clara"])
            #expect(try await names(MemberFilter(roles: [.counselor], text: "cla")) == ["Clara"])
            #expect(try await names(MemberFilter(roles: [.mentor], outside: evening.id)) == [])
            #expect(try await names(MemberFilter(group: evening.id, text: "m")) == ["Mei"])
            #expect(try await names(MemberFilter(people: [fixture["clara"], fixture["ada"]])) == ["Clara"])
        }
    }

    @Test func `nobody of another organization is found`() async throws {
        try await withPeople { fixture, _ in
            let ada = try await fixture.actor("ada")
            try await expect("zofia", finds: [], fixture, ada)
        }
    }
}
