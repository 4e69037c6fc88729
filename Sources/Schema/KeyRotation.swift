package import Foundation
package import Postgres
package import Secrets

/// Seals every secret in the database anew, with the first key of a ring, so that the others can be forgotten.
///
/// Servers may go on meanwhile: a value that somebody changes while it is being sealed anew stays as they wrote it, and
/// no value can be written any more with a key that is about to be forgotten. Running it again goes on where it was
/// left, since what the first key has sealed is passed over.
package struct KeyRotation: Sendable {
    private static let batch = 200

    private let ring: KeyRing
    private let secretBox: SecretBox
    private let database: Database

    /// - Parameter database: the owner's, of an up-to-date schema.
    package init(_ ring: KeyRing, in database: Database) {
        self.ring = ring
        self.database = database
        secretBox = SecretBox(ring)
    }

    package struct Outcome: Sendable, Equatable {
        /// How many values were sealed anew.
        package var resealed = 0
        /// Values that none of the keys opens: where they are, and why.
        package var unreadable: [Unreadable] = []
    }

    package struct Unreadable: Sendable, Equatable, CustomStringConvertible {
        package let table: String, column: String, owner: UUID, error: SecretError
        package var description: String { "\(table).\(column) of \(owner.uuidString.lowercased()): \(error)" }
    }

    @discardableResult
    package func callAsFunction() async throws -> Outcome {
        let columns = try await sealedColumns()
        try await database.run("DELETE FROM retired_keys WHERE id = \(ring.first.id)")
        // Most of them first, while nobody has to wait for anything.
        var outcome = Outcome()
        for column in columns { outcome.resealed += try await reseal(column).resealed }
        try await retire(ring.older, waitingForWritersOf: columns)
        for column in columns {
            let last = try await reseal(column)
            outcome.resealed += last.resealed
            outcome.unreadable += last.unreadable
        }
        return outcome
    }

    // MARK: Which columns

    struct SealedColumn: Decodable, Sendable, Equatable {
        let table: String
        let column: String
        /// `organization_id`, or else `user_id`; `nil`: neither, so that nothing tells for whom a value was sealed.
        let owner: String?
    }

    /// A column of the type `sealed` in a table without `organization_id` and `user_id`.
    package struct NobodysSecret: Error, CustomStringConvertible {
        let table: String
        package var description: String { "\(table) has a sealed column, and neither organization_id nor user_id." }
    }

    /// Every column of the type `sealed`, from the catalog.
    func sealedColumns() async throws -> [SealedColumn] {
        let columns = try await database.rows(
            """
            SELECT c.relname::text AS "table", a.attname::text AS "column",
                   (SELECT o.attname::text FROM pg_attribute o
                    WHERE o.attrelid = c.oid AND o.attname IN ('organization_id', 'user_id')
                      AND o.atttypid = 'uuid'::regtype AND NOT o.attisdropped
                    ORDER BY o.attname LIMIT 1) AS owner
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE a.atttypid = 'public.sealed'::regtype AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
              AND NOT c.relispartition
            ORDER BY 1, 2
            """, as: SealedColumn.self)
        if let nobodys = columns.first(where: { $0.owner == nil }) { throw NobodysSecret(table: nobodys.table) }
        return columns
    }

    // MARK: Sealing anew

    private struct Value: Decodable, Sendable {
        let owner: UUID
        let sealed: Data
    }

    /// Under FORCE ROW LEVEL SECURITY an owner who is no superuser sees no row; the worker's policies show all.
    private var asWorker: Database { database.opening(with: "SET LOCAL ROLE convene_worker") }

    private func reseal(_ column: SealedColumn) async throws -> Outcome {
        var outcome = Outcome()
        var last: Value?
        while true {
            let values = try await asWorker.rows(batch(of: column, after: last), as: Value.self)
            var changes: [SQL] = []
            for value in values {
                let context = SecretContext(column.table, column.column, owner: value.owner)
                do throws(SecretError) {
                    let secret = try secretBox.open(value.sealed, for: context)
                    changes.append(change(value, in: column, to: try secretBox.seal(secret, for: context)))
                } catch {
                    outcome.unreadable.append(
                        Unreadable(table: column.table, column: column.column, owner: value.owner, error: error))
                }
            }
            outcome.resealed += try await asWorker.atomically(changes).reduce(0) { $0 + $1.count }
            guard values.count == Self.batch else { return outcome }
            last = values.last
        }
    }

    private func batch(of column: SealedColumn, after last: Value?) -> SQL {
        """
        SELECT owner, sealed
        FROM (SELECT \(identifier: column.owner ?? "") AS owner, \(identifier: column.column)::bytea AS sealed
              FROM \(identifier: column.table)) AS held
        WHERE sealed IS NOT NULL AND substring(sealed FROM 2 FOR 4) <> \(ring.first.id)
          AND (\(last?.owner)::uuid IS NULL OR (owner, sealed) > (\(last?.owner)::uuid, \(last?.sealed)::bytea))
        ORDER BY owner, sealed LIMIT \(Self.batch)
        """
    }

    /// The value as it was read guards its change: whoever wrote another one meanwhile wins.
    private func change(_ value: Value, in column: SealedColumn, to sealed: Data) -> SQL {
        """
        UPDATE \(identifier: column.table) SET \(identifier: column.column) = \(sealed)
        WHERE \(identifier: column.owner ?? "") = \(value.owner)
          AND \(identifier: column.column)::bytea = \(value.sealed)::bytea
        """
    }

    // MARK: Retiring keys

    /// From here on nothing is written with these keys. A transaction that has written and not committed yet is waited
    /// for; one that comes later sees that they are retired.
    private func retire(_ keys: [EncryptionKey], waitingForWritersOf columns: [SealedColumn]) async throws {
        guard !keys.isEmpty else { return }
        try await database.run(
            "INSERT INTO retired_keys (id) SELECT unnest(\(keys.map(\.id))::bytea[]) ON CONFLICT DO NOTHING")
        for table in Set(columns.map(\.table)).sorted() {
            try await database.transaction { tx in
                try await tx.run("LOCK TABLE \(identifier: table) IN SHARE ROW EXCLUSIVE MODE")
            }
        }
    }
}
