import Foundation
import Glibc

/// The key that signs tokens, kept in the data folder where only its owner can read it.
enum SigningKey {
    /// Reads it, and makes it first when there is none.
    static func load(from folder: String) throws -> Data {
        let path = folder + "/signing.key"
        if let key = try? Data(contentsOf: URL(filePath: path)), key.count >= 32 { return key }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var random = SystemRandomNumberGenerator()
        let key = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        // Whoever is first wins: another process that starts now reads what is there then.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST, let other = try? Data(contentsOf: URL(filePath: path)), other.count >= 32 {
                return other
            }
            throw SettingsError(name: "CONVENE_SIGNING_KEY", expectation: "set, since \(path) cannot be written")
        }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: key)
        return key
    }
}
