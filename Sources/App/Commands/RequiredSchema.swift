import Postgres
import Schema

/// The database is empty, or older than this program.
private struct SchemaIsMissing: Error, CustomStringConvertible {
    let place: String

    var description: String {
        "The database of \(place) is not ready: start the server first, or run convene migrate up."
    }
}

extension Commands {
    /// For commands that work on what the schema holds.
    /// - Throws: a sentence that says what to do.
    static func requireSchema(on owner: Database, of settings: Settings) async throws {
        guard try await Migrator.bundled(on: owner).isUp() else {
            throw SchemaIsMissing(place: settings.databasePlace)
        }
    }
}

extension Settings {
    /// As people know it.
    var databasePlace: String { databaseURL == nil ? dataFolder : "DATABASE_URL" }
}
