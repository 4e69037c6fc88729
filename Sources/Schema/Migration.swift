package import Foundation

/// One step of the schema, and the way back.
package struct Migration: Sendable, Equatable {
    package let version: Int
    package let name: String
    package let up: String
    package let down: String

    package init(version: Int, name: String, up: String, down: String) {
        self.version = version
        self.name = name
        self.up = up
        self.down = down
    }

    /// Of ``up`` alone.
    package var checksum: String { Schema.checksum(of: up) }

    /// Those that this program carries with it.
    package static func bundled() throws -> [Migration] {
        guard let folder = Bundle.module.url(forResource: "Migrations", withExtension: nil) else { return [] }
        return try read(from: folder)
    }

    /// The pairs `NNNN_name.up.sql` and `NNNN_name.down.sql` in `folder`, in order.
    /// - Throws: ``MigrationError/misnamed(_:)`` and ``MigrationError/numbering(_:)`` for files that are no such pair.
    package static func read(from folder: URL) throws -> [Migration] {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let ups = files.filter { $0.lastPathComponent.hasSuffix(".up.sql") }
        let migrations = try ups.map { up in
            let stem = String(up.lastPathComponent.dropLast(".up.sql".count))
            guard let match = stem.wholeMatch(of: /([0-9]{4})_([a-z0-9_]+)/), let version = Int(match.1) else {
                throw MigrationError.misnamed(up.lastPathComponent)
            }
            return Migration(
                version: version, name: String(match.2), up: try String(contentsOf: up, encoding: .utf8),
                down: try String(contentsOf: folder.appending(path: stem + ".down.sql"), encoding: .utf8))
        }
        return try ordered(migrations)
    }

    /// In order of their numbers, which go from 1 without a gap.
    static func ordered(_ migrations: [Migration]) throws -> [Migration] {
        let ordered = migrations.sorted { $0.version < $1.version }
        for (index, migration) in ordered.enumerated() where migration.version != index + 1 {
            throw MigrationError.numbering(migration.version)
        }
        return ordered
    }
}

package enum MigrationError: Error, Equatable, CustomStringConvertible {
    case misnamed(String)
    case numbering(Int)
    /// The database has a step that this program does not know: it is older than the database.
    case unknown(version: Int)
    /// A step was changed after it was applied.
    case changed(version: Int)
    case leftovers([String])
    case differs([String])

    package var description: String {
        switch self {
        case .misnamed(let name): "\(name) is no name of a migration: NNNN_name.up.sql."
        case .numbering(let version): "Migration \(version) is there twice, or one before it is missing."
        case .unknown(let version):
            "The database is at migration \(version), which this program does not know: start a newer one."
        case .changed(let version): "Migration \(version) was changed after it was applied to this database."
        case .leftovers(let names): "After all the way down there are still: \(names.joined(separator: ", "))."
        case .differs(let lines): "Up after down does not give the same: \(lines.joined(separator: ", "))."
        }
    }
}
