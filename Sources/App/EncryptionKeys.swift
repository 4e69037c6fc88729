import Foundation
import Postgres
import Schema
import Secrets
import Values

extension Settings {
    var encryptionKeyFile: KeyFile {
        get throws { try KeyFile(at: dataFolder + "/encryption.key") }
    }

    /// What secrets are sealed with: the keys of the environment, or else those of the data folder.
    var secretBox: SecretBox {
        get throws { try encryptionKeys.map { SecretBox($0) } ?? SecretBox(encryptionKeyFile) }
    }
}

extension Commands {
    /// Seals every secret with a new key, or with the first of the environment's.
    /// - Parameter oldKeysAreLost: goes on although the database's keys are not among ours.
    /// - Returns: whether all of them could be opened.
    package static func rotateKeys(oldKeysAreLost: Bool, flags: [String: String]) async throws -> Bool {
        let settings = try Settings(flags: flags)
        return try await onDatabase(flags) { owner in
            try await requireSchema(on: owner, of: settings)
            if !oldKeysAreLost { try await KeyCheck(try settings.secretBox, in: owner)() }
            if let ring = settings.encryptionKeys { return try await reseal(with: ring, in: owner) || oldKeysAreLost }
            return try await settings.encryptionKeyFile.whileLocked { file in
                try await rotate(file, oldKeysAreLost: oldKeysAreLost, in: owner)
            }
        }
    }

    private static func resealing(with ring: KeyRing, in owner: Database) async throws -> KeyRotation.Outcome {
        let outcome = try await KeyRotation(ring, in: owner)()
        try await KeyCheck(SecretBox(ring), in: owner).renew()
        return outcome
    }

    private static func reseal(with ring: KeyRing, in owner: Database) async throws -> Bool {
        guard report(try await resealing(with: ring, in: owner)) else { return false }
        let old = ring.older.map(\.description).joined(separator: ", ")
        print("Every secret is sealed with the first key, \(ring.first).")
        print(
            old.isEmpty
                ? "To change it, put a new one before it in CONVENE_ENCRYPTION_KEY, restart every process and come back."
                : "These may be removed from CONVENE_ENCRYPTION_KEY: \(old).")
        return true
    }

    private static func rotate(_ file: KeyFile, oldKeysAreLost: Bool, in owner: Database) async throws -> Bool {
        var ring = try file.ring()
        // With older keys in it somebody has begun before us and not come to the end: the new key is there.
        if ring.older.isEmpty {
            ring = KeyRing(.random(), older: ring.keys)
            try file.write(ring)
        }
        guard report(try await resealing(with: ring, in: owner)) || oldKeysAreLost else {
            print("The old keys are kept.")
            return false
        }
        try file.write(KeyRing(ring.first))
        print("Every secret is sealed with the new key, \(ring.first). The old one is forgotten.")
        return true
    }

    private static func report(_ outcome: KeyRotation.Outcome) -> Bool {
        print("\(outcome.resealed) secrets were sealed anew.")
        for value in outcome.unreadable { print("This one cannot be opened: \(value).") }
        return outcome.unreadable.isEmpty
    }
}
