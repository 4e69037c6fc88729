import Foundation
import Postgres
import Schema
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct MigratorTests {
    private let notes = Migration(
        version: 1, name: "notes", up: "CREATE TABLE notes (id int PRIMARY KEY); INSERT INTO notes VALUES (1)",
        down: "DROP TABLE notes")
    private let titles = Migration(
        version: 2, name: "titles", up: "ALTER TABLE notes ADD title text", down: "ALTER TABLE notes DROP title")

    @Test func `what is missing is applied once, in order, and recorded`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            #expect(try await Migrator([notes], on: database).up().migrations == [notes])
            let migrator = try Migrator([titles, notes], on: database)
            #expect(try await migrator.status().missing.migrations == [titles])
            #expect(try await migrator.up().migrations == [titles])
            #expect(try await migrator.up().isEmpty)
            #expect(try await migrator.status().applied.map(\.name) == ["notes", "titles"])
        }
    }

    @Test func `a step that fails leaves nothing, of those before it neither`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let broken = Migration(version: 2, name: "broken", up: "CREATE TABLE half (); SELECT 1/0", down: "")
            let migrator = try Migrator([notes, broken], on: database)
            await #expect(throws: PostgresError.self) { try await migrator.up() }
            #expect(try await migrator.status().applied == [])
            #expect(
                try await database.row("SELECT num_nulls(to_regclass('notes'), to_regclass('half'))", as: Int.self) == 2
            )
        }
    }

    @Test func `servers that start at once migrate one after the other`() async throws {
        try await withEmptyDatabase { url in
            let steps = try await withThrowingTaskGroup { group in
                for _ in 1...6 {
                    group.addTask { [notes, titles] in
                        try await Migrator([notes, titles], on: Pool.toTests(url).database).up().migrations.count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(steps == 2)
        }
    }

    @Test func `the way down takes back as much as was asked`() async throws {
        try await withEmptyDatabase { url in
            let migrator = try Migrator([notes, titles], on: Pool.toTests(url).database)
            try await migrator.up()
            #expect(try await migrator.down(to: 1) == [titles])
            #expect(try await migrator.down(to: 0) == [notes])
            #expect(try await migrator.status().missing.migrations == [notes, titles])
        }
    }

    @Test func `a changed step and a step from the future are refused`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await Migrator([notes, titles], on: database).up()
            await #expect(throws: MigrationError.unknown(version: 2)) {
                try await Migrator([notes], on: database).up()
            }
            let changed = Migration(version: 2, name: "titles", up: titles.up + " ", down: titles.down)
            await #expect(throws: MigrationError.changed(version: 2)) {
                try await Migrator([notes, changed], on: database).up()
            }
        }
    }

    @Test func `verifying finds what the way down forgets`() async throws {
        try await withEmptyDatabase { url in
            let forgetful = Migration(
                version: 1, name: "forgetful", up: "CREATE TABLE a (); CREATE TYPE mood AS ENUM ('fine')",
                down: "DROP TABLE a")
            let error = await #expect(throws: MigrationError.self) {
                try await Migrator([forgetful], on: Pool.toTests(url).database).verify()
            }
            guard case .leftovers(let names) = error else { throw try #require(error) }
            #expect(names == ["type mood"])
        }
    }

    @Test func `numbers without a gap are required`() {
        #expect(throws: MigrationError.numbering(2)) {
            try Migrator([titles], on: Pool.toTests("host=/nowhere").database)
        }
    }
}
