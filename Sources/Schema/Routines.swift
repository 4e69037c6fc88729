import Postgres

/// Makes the routines of a database those of `files`. The migrator holds its lock meanwhile.
struct Routines: Sendable {
    let files: [RoutineFile]

    /// The files whose text the database lacks or has otherwise, and those that only the database knows.
    func missing(in tx: Transaction) async throws -> [String] {
        let made: [RoutineFile.Mark] = try await tx.rows("SELECT name, checksum FROM schema_routines")
        return Set(Set(files.map(\.mark)).symmetricDifference(made).map(\.name)).sorted()
    }

    /// Takes back whatever the files made, whichever program's they were.
    func drop(in tx: Transaction) async throws {
        let statements: [String] = try await tx.rows(
            """
            SELECT statement FROM schema_routines, unnest(undo) WITH ORDINALITY AS u (statement, place)
            ORDER BY name COLLATE "C" DESC, place DESC
            """)
        for statement in statements { try await tx.script(statement) }
        try await tx.run("DELETE FROM schema_routines")
    }

    /// Makes them all, where there are none.
    func make(in tx: Transaction) async throws {
        var known = Set(try await dropStatements(in: tx))
        for file in files {
            try await tx.script(file.sql)
            let undo = try await dropStatements(in: tx).filter { known.insert($0).inserted }
            try await tx.run(
                """
                INSERT INTO schema_routines (name, checksum, undo)
                VALUES (\(file.name), \(file.mark.checksum), \(undo)::text[])
                """)
        }
    }

    /// How to take back every routine and view that there is, in the order in which they were made.
    private func dropStatements(in tx: Transaction) async throws -> [String] {
        try await tx.rows(
            """
            SELECT format('DROP %s IF EXISTS %s', i.type, i.identity)
            FROM (SELECT 'pg_proc'::regclass AS catalog, oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
                  UNION ALL
                  SELECT 'pg_class', oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v') t,
                 pg_identify_object(t.catalog, t.oid, 0) i
            WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
            ORDER BY t.oid
            """)
    }
}
