import Foundation

/// Where PostgreSQL's own programs are.
struct PostgresPrograms {
    /// Overrides the search.
    static let variable = "CONVENE_POSTGRES_BIN"
    static let oldestVersion = 15

    let folder: String

    /// - Parameter version: what the data was made with, if there is data: no other major version can read it.
    init(forData version: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        if let folder = environment[Self.variable] {
            guard Self.holdsPrograms(folder) else { throw PrivateClusterError.noBinaries }
            self.folder = folder
            return
        }
        let installed = Self.debianFolders()
        if let version, let match = installed.first(where: { String($0.version) == version }) {
            folder = match.folder
        } else if let version, !installed.isEmpty {
            throw PrivateClusterError.otherVersion(version)
        } else if let newest = installed.max(by: { $0.version < $1.version }) {
            folder = newest.folder
        } else if let inPath = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
            .first(where: Self.holdsPrograms)
        {
            folder = inPath
        } else {
            throw PrivateClusterError.noBinaries
        }
    }

    var initdb: String { folder + "/initdb" }
    var postgres: String { folder + "/postgres" }

    private static let names = ["initdb", "postgres"]

    private static func debianFolders() -> [(version: Int, folder: String)] {
        debianFolders(holding: names)
    }

    private static func holdsPrograms(_ folder: String) -> Bool { holds(names, in: folder) }

    /// Debian's folders, oldest version first.
    static func debianFolders(holding names: [String]) -> [(version: Int, folder: String)] {
        let root = "/usr/lib/postgresql"
        let found = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return found.compactMap { name in
            let folder = "\(root)/\(name)/bin"
            guard let version = Int(name), version >= oldestVersion, holds(names, in: folder) else { return nil }
            return (version, folder)
        }.sorted { $0.version < $1.version }
    }

    static func holds(_ names: [String], in folder: String) -> Bool {
        names.allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    }
}
