import Foundation
import Logging
import Postgres
import PrivatePostgres
import Schema

/// Puts a backup into an empty database, with every table's rows, rights and policies as they were.
struct Restore {
    /// Why nothing was restored.
    enum Refusal: Error, CustomStringConvertible {
        case unreadable(String)
        case noBackup(String)
        case damaged(String)
        case newer(Int)
        case changed(Int)
        case notEmpty

        var description: String {
            switch self {
            case .unreadable(let path): "\(path.isEmpty ? "A file without a name" : path) cannot be read."
            case .noBackup(let path): "\(path) is no backup of Convene, or not all of one."
            case .damaged(let path):
                "\(path) is not what convene backup wrote: some of its bytes have changed, or its end is missing."
            case .newer(let version):
                "The backup was made by a newer Convene, with the schema \(version): restore it with that one."
            case .changed(let version): "The backup's schema \(version) is not this program's."
            case .notEmpty:
                """
                The database holds data already, and nothing was changed. Restore into an empty one: name a new folder \
                with --data-dir, or an empty database with DATABASE_URL.
                """
            }
        }
    }

    private let path: String
    private let migrations: [Migration]
    /// This program's, when they are the backup's.
    private let routines: [RoutineFile]

    /// Looks at the file, and at nothing else.
    init(_ path: String) async throws {
        self.path = path
        guard access(path, R_OK) == 0 else { throw Refusal.unreadable(path) }
        guard let isWhole = try? BackupSeal.holds(in: path) else { throw Refusal.unreadable(path) }
        let programs = try DumpPrograms(forServer: nil)
        let rows: [String]
        do {
            rows = try await programs.rows(of: "schema_migrations", in: path)
        } catch {
            throw Refusal.noBackup(path)
        }
        let known = try Migration.bundled()
        var applied: [Migration] = []
        for row in rows {
            let values = row.split(separator: "\t").map(String.init)
            guard values.count >= 3, let version = Int(values[0]) else { throw Refusal.noBackup(path) }
            guard let migration = known.first(where: { $0.version == version }) else { throw Refusal.newer(version) }
            guard migration.checksum == values[2] else { throw Refusal.changed(version) }
            applied.append(migration)
        }
        guard !applied.isEmpty else { throw Refusal.noBackup(path) }
        guard isWhole else { throw Refusal.damaged(path) }
        migrations = applied
        let ours = try RoutineFile.bundled()
        let theirs = try await programs.rows(of: "schema_routines", in: path).compactMap(RoutineFile.Mark.init(row:))
        routines = Set(theirs) == Set(ours.map(\.mark)) ? ours : []
    }

    /// - Returns: what is in the database now.
    func callAsFunction(into access: DatabaseAccess, logger: Logger) async throws -> Holdings {
        try await access.asOwner(logger: logger) { owner in
            guard try await isEmpty(owner) else { throw Refusal.notEmpty }
            let owners = try await makeRoles(on: owner)
            let version = try await owner.row("SELECT current_setting('server_version_num')::int", as: Int.self)
            try await DumpPrograms(forServer: version.map { $0 / 10_000 }).restore(
                path, into: access.dumped, last: owners)
            try await owner.run("ANALYZE")
            return try await holdings(of: owner)
        }
    }

    private func isEmpty(_ owner: Database) async throws -> Bool {
        try await owner.row(
            """
            SELECT NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
            """, as: Bool.self) == true
    }

    /// Roles belong to the cluster and are in no dump, and neither is who belongs to which. The migrations make them:
    /// going up to the backup's version and down again leaves the roles and nothing else.
    /// - Returns: the statements that give what is not the owner's to whom it belongs. Routines of another program stay
    ///   the owner's: the server makes its own in their place when it starts.
    private func makeRoles(on owner: Database) async throws -> String {
        let migrator = try Migrator(migrations, routines, on: owner)
        try await migrator.up()
        let statements = try await owner.rows(
            """
            WITH theirs AS (
                SELECT p.oid::regprocedure::text AS routine, quote_ident(r.rolname) AS role
                FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
                WHERE p.pronamespace = 'public'::regnamespace AND r.rolname <> current_user
                    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')),
            roles AS (SELECT DISTINCT role FROM theirs)
            SELECT statement FROM (
                SELECT 1 AS step, format('GRANT CREATE ON SCHEMA public TO %s;', role) AS statement FROM roles
                UNION ALL SELECT 2, format('ALTER ROUTINE %s OWNER TO %s;', routine, role) FROM theirs
                UNION ALL SELECT 3, format('REVOKE CREATE ON SCHEMA public FROM %s;', role) FROM roles) AS all_steps
            ORDER BY step
            """, as: String.self)
        try await migrator.down(to: 0)
        return (["SET LOCAL search_path = public, pg_catalog;"] + statements).joined(separator: "\n")
    }

    private func holdings(of owner: Database) async throws -> Holdings {
        try await owner.transaction { tx in
            let sees = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user" as SQL
            if try await tx.row(sees, as: Bool.self) != true {
                try await tx.run("SET LOCAL ROLE \(identifier: Backup.role)")
            }
            return try await Holdings(in: tx)
        }
    }
}

extension RoutineFile.Mark {
    /// - Parameter row: of schema_routines, as `COPY` writes it.
    fileprivate init?(row: String) {
        let values = row.split(separator: "\t").map(String.init)
        guard values.count >= 2 else { return nil }
        self.init(name: values[0], checksum: values[1])
    }
}
