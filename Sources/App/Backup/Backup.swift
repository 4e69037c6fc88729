import Foundation
import Logging
import Postgres
import PrivatePostgres

/// A copy of the whole database as it was at one moment, made while others work on.
struct Backup {
    /// Why the database cannot be read whole. Nothing was written.
    enum Refusal: Error, CustomStringConvertible {
        case noConvene
        case older
        case hidden([String])

        var description: String {
            switch self {
            case .noConvene: "There is no Convene in this database."
            case .older:
                """
                The owner of this database is no superuser, and its schema does not let them read every row yet: run \
                convene migrate up first.
                """
            case .hidden(let names):
                "The role \(Backup.role) may not read all of \(names.joined(separator: ", ")): run convene check."
            }
        }
    }

    /// Reads every row of every table and can do nothing else, for an owner whom row-level security binds.
    static let role = "convene_backup"

    let access: DatabaseAccess
    let logger: Logger

    /// - Returns: what is in it.
    func write(to descriptor: Int32) async throws -> Holdings {
        try await access.asOwner(logger: logger) { owner in
            // pg_dump runs inside the transaction, whose snapshot it takes. There is nothing to repeat: it only reads.
            try await owner.transaction { tx in
                try await tx.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                let role = try await takeReader(in: tx)
                let holdings = try await Holdings(in: tx)
                let facts: Facts? = try await tx.row(
                    "SELECT pg_export_snapshot() AS snapshot, current_setting('server_version_num')::int AS server")
                guard let facts else { throw PostgresError.unavailable(reason: "the database answered nothing") }
                try await DumpPrograms(forServer: facts.server / 10_000).dump(
                    access.dumped, to: descriptor, snapshot: facts.snapshot, as: role)
                return holdings
            }
        }
    }

    private struct Facts: Decodable { let snapshot: String, server: Int }

    /// Goes on as somebody who sees every row.
    /// - Returns: their role; `nil` for an owner who does already.
    private func takeReader(in tx: Transaction) async throws -> String? {
        guard try await tx.row("SELECT to_regclass('schema_migrations') IS NOT NULL", as: Bool.self) == true else {
            throw Refusal.noConvene
        }
        let sees = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        if try await tx.row(SQL(stringLiteral: sees), as: Bool.self) == true { return nil }
        let canBecome = "SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = \(Self.role)" as SQL
        guard try await tx.row(canBecome, as: Bool.self) == true else { throw Refusal.older }
        // pg_dump would leave out what it does not see without a word.
        let hidden = try await tx.rows(
            """
            SELECT c.relname::text FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
                AND (NOT has_table_privilege(\(Self.role), c.oid, 'SELECT') OR (c.relrowsecurity AND NOT EXISTS (
                    SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                        AND p.polroles = ARRAY[\(Self.role)::regrole::oid]
                        AND pg_get_expr(p.polqual, p.polrelid) = 'true')))
            ORDER BY 1
            """, as: String.self)
        guard hidden.isEmpty else { throw Refusal.hidden(hidden) }
        try await tx.run("SET LOCAL ROLE \(identifier: Self.role)")
        return Self.role
    }
}

extension DatabaseAccess {
    var dumped: DumpedDatabase {
        get throws {
            let string = try ConnectionString(url)
            return DumpedDatabase(address: string.text, password: string.password)
        }
    }
}
