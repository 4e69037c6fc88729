import Postgres
import Schema
import TestSupport
import Testing

@Suite struct MigrationsTests {
    @Test func `our migrations go up, all the way down, and up to the same again`() async throws {
        try await withEmptyDatabase { url in
            try await Migrator(Migrator.bundled(), on: Pool.toTests(url).database).verify()
        }
    }

    @Test func `groups that had one name in several spellings keep apart, and the oldest keeps it`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let all = try Migrator.bundled()
            try await Migrator(Array(all.prefix { $0.name != "versions" }), on: database).up()
            try await database.script(
                """
                INSERT INTO organizations (id, slug, name) VALUES (gen_random_uuid(), 'one', 'One');
                INSERT INTO groups (id, organization_id, name, created_at)
                SELECT gen_random_uuid(), o.id, g.name, now() + g.place * interval '1 s'
                FROM organizations o,
                    unnest(ARRAY[' ISTANBUL ', 'ISTANBUL', 'istanbul', '  ', 'Other']) WITH ORDINALITY AS g (name, place)
                """)

            try await Migrator(all, on: database).up()

            let names: [String] = try await database.rows("SELECT name FROM groups ORDER BY created_at")
            #expect([names[0], names[3], names[4]] == ["ISTANBUL", "Group", "Other"])
            #expect(names[1].hasPrefix("ISTANBUL (") && names[2].hasPrefix("istanbul (") && Set(names).count == 5)
        }
    }
}
