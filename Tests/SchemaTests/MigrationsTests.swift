import Postgres
import Schema
import TestSupport
import Testing

@Suite struct MigrationsTests {
    @Test func `our schema goes up, all the way down, and up to the same again`() async throws {
        try await withEmptyDatabase { url in
            try await Migrator.bundled(on: Pool.toTests(url).database).verify()
        }
    }

    @Test func `every file of routines can be made over itself`() async throws {
        try await withDatabase { database in
            for file in try RoutineFile.bundled() { try await database.owner.script(file.sql) }
        }
    }
}
