import Foundation
import Logging
import Postgres
import PrivatePostgres
import Schema

extension Commands {
    /// Writes everything that the database holds to a new file, which only this user can read.
    /// - Parameter replacing: whether a file of this name may be there already.
    package static func backup(to path: String, replacing: Bool, flags: [String: String]) async throws {
        let file = try BackupFile(path, replacing: replacing)
        let settings = try Settings(flags: flags)
        try await onAccess(flags) { access, logger in
            let (size, holdings) = try await file.write { descriptor in
                try await Backup(access: access, logger: logger).write(to: descriptor)
            }
            let tables = try await DumpPrograms(forServer: nil).tables(in: path)
            print("\(path): \(size.formatted(.byteCount(style: .file))), \(tables) tables.")
            print("In it: \(holdings).")
            print(keysReminder(settings))
        }
    }

    /// Puts a backup into an empty data folder, or an empty database, and looks whether all is well.
    /// - Returns: whether every invariant holds.
    package static func restore(from path: String, flags: [String: String]) async throws -> Bool {
        let settings = try Settings(flags: flags)
        let restore = try await Restore(path)
        return try await onAccess(flags, opening: DatabaseAccess.alone) { access, logger in
            let holdings = try await restore(into: access, logger: logger)
            print("Restored: \(holdings).")
            let isWell = try await access.asOwner(logger: logger) { try await isWellRestored($0) }
            if let missing = missingKeys(settings) { print(missing) }
            return isWell
        }
    }

    private static func isWellRestored(_ owner: Database) async throws -> Bool {
        guard try await Migrator.bundled(on: owner).isUp() else {
            print(
                """
                Its schema is older than this program: the server brings it up to date when it starts. \
                Run convene check then.
                """)
            return true
        }
        return try await report(onInvariantsOf: owner, whileServed: false)
    }

    private static func keysReminder(_ settings: Settings) -> String {
        let files = keyFiles(settings).map { "\(settings.dataFolder)/\($0)" }
        let keys = files.isEmpty ? "CONVENE_SIGNING_KEY and CONVENE_ENCRYPTION_KEY" : files.joined(separator: " and ")
        return "The keys are not in it. Keep \(keys) too, elsewhere: without them no secret in it can be read."
    }

    /// Keys that are not in the environment, by their names in the data folder.
    private static func keyFiles(_ settings: Settings) -> [String] {
        (settings.signingKey == nil ? ["signing.key"] : [])
            + (settings.encryptionKeys == nil ? ["encryption.key"] : [])
    }

    /// Those of the data folder that the server would make anew, so that nothing sealed could be opened any more.
    private static func missingKeys(_ settings: Settings) -> String? {
        let missing = keyFiles(settings).filter {
            !FileManager.default.fileExists(atPath: "\(settings.dataFolder)/\($0)")
        }
        guard !missing.isEmpty else { return nil }
        return """
            Before you start the server, put \(missing.joined(separator: " and ")) of the backed-up installation into \
            \(settings.dataFolder): with another signing.key everybody is signed out, and with another encryption.key it \
            does not start.
            """
    }
}
