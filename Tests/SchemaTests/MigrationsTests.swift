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
}
