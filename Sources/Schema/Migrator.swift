package import Foundation
package import Postgres

/// Brings a database to the schema that this program was written for: the migrations that it lacks, and then the
/// routines. It happens in one transaction, and of servers that start at once one after the other does it.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    private let routines: Routines
    let database: Database

    /// - Parameters:
    ///   - migrations: numbered from 1 without a gap; in any order.
    ///   - routines: in the order in which they are made.
    ///   - database: the owner's. Its time-outs hold for the whole way, so take a pool without them.
    package init(_ migrations: [Migration], _ routines: [RoutineFile] = [], on database: Database) throws {
        self.migrations = try Migration.ordered(migrations)
        self.routines = Routines(files: routines)
        self.database = database
    }

    /// With all that this program carries with it.
    package static func bundled(on database: Database) throws -> Migrator {
        try Migrator(Migration.bundled(), RoutineFile.bundled(), on: database)
    }

    /// A migration that was applied.
    package struct Applied: Decodable, Sendable, Equatable {
        package let version: Int, name: String, checksum: String, appliedAt: Date
    }

    package struct Missing: Sendable, Equatable {
        package let migrations: [Migration]
        /// Names of files.
        package let routines: [String]

        package var isEmpty: Bool { migrations.isEmpty && routines.isEmpty }
        /// As people are told of them.
        package var names: [String] {
            migrations.map { "\($0.version) \($0.name)" } + routines.map { "routines \($0)" }
        }
    }

    package struct Status: Sendable, Equatable {
        package let applied: [Applied]
        package let missing: Missing
    }

    /// - Throws: ``MigrationError/unknown(version:)`` and ``MigrationError/changed(version:)``.
    package func status() async throws -> Status {
        try await database.transaction { try await status(in: $0) }
    }

    /// Whether nothing is missing. Changes nothing, not even in an empty database.
    package func isUp() async throws -> Bool {
        guard try await database.row("SELECT to_regclass('schema_migrations') IS NOT NULL", as: Bool.self) == true
        else {
            return false
        }
        return try await status().missing.isEmpty
    }

    /// Applies what is missing. When anything is, all routines are taken back first and made anew at the end: so the
    /// migrations meet none, as they do in an empty database.
    /// - Returns: what was missing.
    /// - Throws: ``UnsuitableDatabase`` before anything is made.
    @discardableResult
    package func up() async throws -> Missing {
        try await database.requireSuitability()
        return try await database.transaction { tx in
            let missing = try await status(in: tx).missing
            guard !missing.isEmpty else { return missing }
            try await routines.drop(in: tx)
            for migration in missing.migrations {
                try await tx.script(migration.up)
                try await tx.run(
                    """
                    INSERT INTO schema_migrations (version, name, checksum)
                    VALUES (\(migration.version), \(migration.name), \(migration.checksum))
                    """)
            }
            try await routines.make(in: tx)
            return missing
        }
    }

    /// Takes back the routines and every migration above `version`, the newest first; 0 takes back all, and the record
    /// of them too. The routines come back with the next way up, of this program or of an older one.
    /// - Returns: the migrations that were.
    @discardableResult
    package func down(to version: Int) async throws -> [Migration] {
        try await database.transaction { tx in
            let undone = try await takeBack(to: version, in: tx)
            if version == 0 { try await tx.run("DROP TABLE schema_routines, schema_migrations") }
            return undone
        }
    }

    @discardableResult
    func takeBack(to version: Int, in tx: Transaction) async throws -> [Migration] {
        let applied = try await status(in: tx).applied.filter { $0.version > version }.map(\.version)
        let undone = migrations.filter { applied.contains($0.version) }.reversed()
        try await routines.drop(in: tx)
        for migration in undone { try await tx.script(migration.down) }
        try await tx.run("DELETE FROM schema_migrations WHERE version > \(version)")
        return Array(undone)
    }

    /// Goes all the way up, down and up again on a database that must be empty.
    /// - Throws: ``MigrationError/leftovers(_:)`` when something is left at the bottom, ``MigrationError/differs(_:)``
    ///   when the second way up leads elsewhere than the first.
    package func verify() async throws {
        let empty = try await Catalog(of: database)
        try await up()
        let first = try await Catalog(of: database)
        try await down(to: 0)
        let leftovers = try await Catalog(of: database).lines.subtracting(empty.lines)
        guard leftovers.isEmpty else { throw MigrationError.leftovers(leftovers.sorted()) }
        try await up()
        let difference = try await Catalog(of: database).lines.symmetricDifference(first.lines)
        guard difference.isEmpty else { throw MigrationError.differs(difference.sorted()) }
    }

    private func status(in tx: Transaction) async throws -> Status {
        // Two sessions that create them at the same moment would collide even with IF NOT EXISTS.
        try await tx.run([
            "SELECT pg_advisory_xact_lock(\(Self.lock))",
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version    int PRIMARY KEY,
                name       text NOT NULL,
                checksum   text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """,
            // undo: the statements that take back what a file made, in the order in which it made it.
            """
            CREATE TABLE IF NOT EXISTS schema_routines (
                name       text PRIMARY KEY,
                checksum   text NOT NULL,
                undo       text[] NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """,
        ])
        let applied: [Applied] = try await tx.rows(
            "SELECT version, name, checksum, applied_at FROM schema_migrations ORDER BY version")
        for step in applied {
            guard let known = migrations.first(where: { $0.version == step.version }) else {
                throw MigrationError.unknown(version: step.version)
            }
            guard known.checksum == step.checksum else { throw MigrationError.changed(version: step.version) }
        }
        let last = applied.last?.version ?? 0
        return Status(
            applied: applied,
            missing: Missing(
                migrations: migrations.filter { $0.version > last }, routines: try await routines.missing(in: tx)))
    }

    /// "convene" in ASCII, for nobody else's lock to be the same.
    private static let lock: Int64 = 0x63_6F6E_7665_6E65
}
