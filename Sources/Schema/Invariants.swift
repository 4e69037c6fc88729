package import Foundation
package import Postgres

/// What must be true of the data at any moment, whatever has crashed: a query each that finds no row while it holds.
///
/// The queries are files, so that they can be read and run without this program.
package struct Invariants: Sendable {
    package struct Invariant: Sendable, Equatable {
        /// `I01`: the number by which documents and tests know it.
        package let name: String
        /// What it promises, in one sentence.
        package let promise: String
        package let query: String
    }

    package struct Violation: Sendable, Equatable {
        package let name: String
        package let promise: String
        /// The first rows that the query found, a JSON object each.
        package let rows: [String]
    }

    /// In the order of their numbers.
    package let all: [Invariant]

    /// Those that judge by what is stored alone, and not by how late it is.
    package var ofWhatIsStored: Invariants { Invariants(all: all.filter { !$0.query.contains("now()") }) }

    /// Those that this program carries with it.
    package static func bundled() throws -> Invariants {
        guard let folder = Bundle.module.url(forResource: "Invariants", withExtension: nil) else {
            return Invariants(all: [])
        }
        return try read(from: folder)
    }

    /// The files `NN_name.sql` in `folder`. The first line of each is `-- INN` and the promise.
    package static func read(from folder: URL) throws -> Invariants {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "sql" }
        return Invariants(
            all: try files.sorted { $0.lastPathComponent < $1.lastPathComponent }.map { file in
                let query = try String(contentsOf: file, encoding: .utf8)
                guard let title = query.prefixMatch(of: /-- (I[0-9]{2}) ([^\n]+)\n/) else {
                    throw MigrationError.misnamed(file.lastPathComponent)
                }
                return Invariant(name: String(title.1), promise: String(title.2), query: query)
            })
    }

    /// The invariants that do not hold, with at most 20 rows each; empty when all is well.
    ///
    /// All are asked of one snapshot, so that work going on meanwhile is seen whole or not at all. They are asked as
    /// `convene_worker`, whose policies let it see every organization: under FORCE ROW LEVEL SECURITY an owner who is
    /// no superuser sees no row, and would find everything well.
    /// - Parameter database: the owner's or the worker's.
    package func violations(in database: Database) async throws -> [Violation] {
        try await database.transaction { tx in
            try await tx.run([
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                "SET LOCAL ROLE convene_worker",
            ])
            var violations: [Violation] = []
            for invariant in all {
                let query = SQL(stringLiteral: invariant.query)
                let rows: [String] = try await tx.rows("SELECT to_jsonb(found)::text FROM (\(query)) AS found LIMIT 20")
                guard !rows.isEmpty else { continue }
                violations.append(Violation(name: invariant.name, promise: invariant.promise, rows: rows))
            }
            return violations
        }
    }
}
