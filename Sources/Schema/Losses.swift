import Postgres

/// A table or column that going down would take away.
package struct Loss: Sendable, Equatable, CustomStringConvertible {
    package let table: String
    /// `nil`: the whole table.
    package let column: String?
    /// Of the table, or those that have a value in the column.
    package let rows: Int

    package var description: String {
        let amount = rows == 1 ? "1 row" : "\(rows) rows"
        return column.map { "the column \(table).\($0), with a value in \(amount)" } ?? "the table \(table), \(amount)"
    }
}

extension Migrator {
    /// What ``down(to:)`` would take away, tables before columns. Goes the way down and turns back, in one transaction
    /// that locks what it touches.
    package func losses(downTo version: Int) async throws -> [Loss] {
        let (before, after) = try await trial(downTo: version)
        let kept = Set(after.map(\.table))
        let tables = Set(before.map(\.table)).subtracting(kept).sorted()
        let columns = before.filter { kept.contains($0.table) && !after.contains($0) }
        return try await database.transaction { tx in
            try await seeEverything(in: tx)
            var losses: [Loss] = []
            for table in tables {
                let rows = try await tx.row("SELECT count(*) FROM \(identifier: table)", as: Int.self)
                losses.append(Loss(table: table, column: nil, rows: rows ?? 0))
            }
            for column in columns {
                let rows = try await tx.row(
                    "SELECT count(\(identifier: column.name)) FROM \(identifier: column.table)", as: Int.self)
                losses.append(Loss(table: column.table, column: column.name, rows: rows ?? 0))
            }
            return losses
        }
    }

    private struct Column: Decodable, Hashable, Sendable { let table: String, name: String }

    /// Ends the transaction without a trace.
    private struct TurnBack: Error { let before: [Column], after: Set<Column> }

    private func trial(downTo version: Int) async throws -> ([Column], Set<Column>) {
        do {
            try await database.transaction { tx in
                let before = try await columns(in: tx)
                try await takeBack(to: version, in: tx)
                throw TurnBack(before: before, after: Set(try await columns(in: tx)))
            }
            return ([], [])
        } catch let found as TurnBack {
            return (found.before, found.after)
        }
    }

    private func columns(in tx: Transaction) async throws -> [Column] {
        try await tx.rows(
            """
            SELECT c.relname::text AS "table", a.attname::text AS name
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum
            """)
    }

    /// An owner whom row-level security binds would count nothing.
    private func seeEverything(in tx: Transaction) async throws {
        let reader = try await tx.row(
            """
            SELECT r.rolname::text FROM pg_roles r, pg_roles o WHERE r.rolname = 'convene_backup'
                AND o.rolname = current_user AND NOT (o.rolsuper OR o.rolbypassrls) AND pg_has_role(r.oid, 'MEMBER')
            """, as: String.self)
        if let reader { try await tx.run("SET LOCAL ROLE \(identifier: reader)") }
    }
}
