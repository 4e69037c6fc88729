package import Foundation

/// The functions, procedures and views of one subject. They hold no data, so they are made anew from their file whenever
/// one has changed: there is one text of each, and no way back to write.
///
/// docs/decisions/0012-routines-are-made-anew.md
package struct RoutineFile: Sendable, Equatable {
    package let name: String
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    package var mark: Mark { Mark(name: name, checksum: checksum(of: sql)) }

    /// By which a database remembers which text it has.
    package struct Mark: Decodable, Hashable, Sendable {
        package let name: String, checksum: String

        package init(name: String, checksum: String) {
            self.name = name
            self.checksum = checksum
        }
    }

    /// Those that this program carries with it.
    package static func bundled() throws -> [RoutineFile] {
        guard let folder = Bundle.module.url(forResource: "Routines", withExtension: nil) else { return [] }
        return try read(from: folder)
    }

    /// The files `name.sql` in `folder`, in the order of their names.
    package static func read(from folder: URL) throws -> [RoutineFile] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "sql" }
            .map { file in
                RoutineFile(
                    name: file.deletingPathExtension().lastPathComponent,
                    sql: try String(contentsOf: file, encoding: .utf8))
            }
            .sorted { $0.name < $1.name }
    }
}
