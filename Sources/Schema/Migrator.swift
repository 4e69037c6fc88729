package import Foundation
package import Postgres

/// Brings a database to the schema that this program was written for. Every step is a transaction of its own, and two
/// servers that start at once do it one after the other.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    let database: Database

    /// - Parameters:
    ///   - migrations: numbered from 1 without a gap; in any order.
    ///   - database: the owner's. Its time-outs hold for each step, so take a pool without them.
    package init(_ migrations: [Migration], on database: Database) throws {
        self.migrations = try Migration.ordered(migrations)
        self.database = database
    }

    /// The steps that this program carries with it.
    package static func bundled() throws -> [Migration] {
        guard let folder = Bundle.module.url(forResource: "Migrations", withExtension: nil) else { return [] }
        return try Migration.read(from: folder)
    }

    /// A step that was applied.
    package struct Applied: Decodable, Sendable, Equatable {
        package let version: Int, name: String, checksum: String, appliedAt: Date
    }

    package struct Status: Sendable, Equatable {
        package let applied: [Applied]
        package let pending: [Migration]
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
        return try await status().pending.isEmpty
    }

    /// Those above `version` that were applied, the newest first.
    func applied(above version: Int, in tx: Transaction) async throws -> [Migration] {
        try await status(in: tx).applied.reversed().filter { $0.version > version }.compactMap { step in
            migrations.first { $0.version == step.version }
        }
    }

    /// Applies what is missing.
    /// - Returns: the steps that were.
    /// - Throws: ``UnsuitableDatabase`` before anything is made.
    @discardableResult
    package func up() async throws -> [Migration] {
        try await database.requireSuitability()
        var done: [Migration] = []
        while let migration = try await step(
            { $0.pending.first },
            apply: { migration, tx in
                try await tx.script(migration.up)
                try await tx.run(
                    """
                    INSERT INTO schema_migrations (version, name, checksum)
                    VALUES (\(migration.version), \(migration.name), \(migration.checksum))
                    """)
            })
        { done.append(migration) }
        return done
    }

    /// Takes back every step above `version`, the newest first; 0 takes back all, and the record of them too.
    @discardableResult
    package func down(to version: Int) async throws -> [Migration] {
        var undone: [Migration] = []
        while let migration = try await step(
            { status in
                status.applied.last.flatMap { last in
                    last.version > version ? migrations.first { $0.version == last.version } : nil
                }
            },
            apply: { migration, tx in
                try await tx.script(migration.down)
                try await tx.run("DELETE FROM schema_migrations WHERE version = \(migration.version)")
            })
        { undone.append(migration) }
        if version == 0 { try await database.script("DROP TABLE IF EXISTS schema_migrations") }
        return undone
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

    /// One step under the lock, chosen by what was applied by then.
    private func step(
        _ choose: @Sendable (Status) -> Migration?, apply: @Sendable (Migration, Transaction) async throws -> Void
    ) async throws -> Migration? {
        try await database.transaction { tx in
            try await tx.run("SELECT pg_advisory_xact_lock(\(Self.lock))")
            guard let migration = choose(try await status(in: tx)) else { return nil }
            try await apply(migration, tx)
            return migration
        }
    }

    private func status(in tx: Transaction) async throws -> Status {
        // Two sessions that create it at the same moment would collide even with IF NOT EXISTS.
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
        return Status(applied: applied, pending: migrations.filter { $0.version > last })
    }

    /// "convene" in ASCII, for nobody else's lock to be the same.
    private static let lock: Int64 = 0x63_6F6E_7665_6E65
}
