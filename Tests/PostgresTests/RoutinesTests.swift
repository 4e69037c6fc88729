import Postgres
import Schema
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct RoutinesTests {
    private let notes = Migration(
        version: 1, name: "notes", up: "CREATE TABLE notes (id int PRIMARY KEY, title text)", down: "DROP TABLE notes")
    private let count = RoutineFile(
        name: "count",
        sql: "CREATE OR REPLACE FUNCTION amount() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM notes; END")
    private let titles = RoutineFile(
        name: "titles", sql: "CREATE OR REPLACE VIEW titles AS SELECT id, title FROM notes WHERE amount() > 0")

    @Test func `a changed file replaces what it made, whatever now returns something else`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await Migrator([notes], [count, titles], on: database).up()

            let changed = RoutineFile(name: "count", sql: count.sql.replacing("bigint", with: "int"))
            let migrator = try Migrator([notes], [changed, titles], on: database)

            #expect(try await migrator.status().missing.routines == ["count"])
            #expect(try await migrator.up().routines == ["count"])
            #expect(try await routines(of: database) == ["amount integer", "titles"])
            #expect(try await migrator.up().isEmpty)
        }
    }

    @Test func `what a program has no file for is taken away, by an older program too`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await Migrator([notes], [count, titles], on: database).up()

            #expect(try await Migrator([notes], [count], on: database).up().routines == ["titles"])
            #expect(try await routines(of: database) == ["amount bigint"])
        }
    }

    @Test func `a migration meets no routine that uses what it changes`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await Migrator([notes], [count, titles], on: database).up()

            let smaller = Migration(
                version: 2, name: "smaller", up: "ALTER TABLE notes DROP title",
                down: "ALTER TABLE notes ADD title text")
            let ids = RoutineFile(name: "titles", sql: "CREATE OR REPLACE VIEW titles AS SELECT id FROM notes")
            try await Migrator([notes, smaller], [count, ids], on: database).up()

            #expect(try await database.row("SELECT count(*) FROM titles", as: Int.self) == 0)
        }
    }

    @Test func `a file that fails changes nothing`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await Migrator([notes], [count], on: database).up()

            let broken = RoutineFile(name: "titles", sql: "CREATE VIEW titles AS SELECT nothing FROM notes")
            await #expect(throws: PostgresError.self) {
                try await Migrator([notes], [count, broken], on: database).up()
            }

            #expect(try await routines(of: database) == ["amount bigint"])
            #expect(try await Migrator([notes], [count], on: database).isUp())
        }
    }

    @Test func `of servers that start at once, one makes them`() async throws {
        try await withEmptyDatabase { url in
            let made = try await withThrowingTaskGroup { group in
                for _ in 1...6 {
                    group.addTask { [notes, count, titles] in
                        try await Migrator([notes], [count, titles], on: Pool.toTests(url).database).up().routines.count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(made == 2)
        }
    }

    @Test func `the way down takes them away first, and the next way up brings them back`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let migrator = try Migrator([notes], [count, titles], on: database)
            try await migrator.up()

            #expect(try await migrator.down(to: 1) == [])
            #expect(try await routines(of: database) == [])
            #expect(try await migrator.isUp() == false)
            try await migrator.up()
            #expect(try await routines(of: database) == ["amount bigint", "titles"])
            #expect(try await migrator.down(to: 0) == [notes])
            #expect(try await database.row("SELECT to_regclass('schema_routines') IS NULL", as: Bool.self) == true)
        }
    }

    @Test func `verifying finds a migration that needs a routine`() async throws {
        try await withEmptyDatabase { url in
            let leaning = RoutineFile(
                name: "count",
                sql: count.sql + "; ALTER TABLE notes ALTER id SET DEFAULT amount()")
            await #expect(throws: PostgresError.self) {
                try await Migrator([notes], [leaning], on: Pool.toTests(url).database).verify()
            }
        }
    }

    /// Functions with what they return, and views.
    private func routines(of database: Database) async throws -> [String] {
        try await database.rows(
            """
            SELECT proname || ' ' || prorettype::regtype FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
            UNION ALL
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' ORDER BY 1
            """)
    }
}
