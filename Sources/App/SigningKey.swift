import Foundation
import Secrets

/// The key that signs tokens, kept in the data folder where only its owner can read it.
enum SigningKey {
    /// Reads it, and makes it first when there is none.
    static func load(from folder: String) throws -> Data {
        let file = PrivateFile(folder + "/signing.key")
        var random = SystemRandomNumberGenerator()
        let key: Data
        do {
            key = try file.make(Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
        } catch {
            throw SettingsError(name: "CONVENE_SIGNING_KEY", expectation: "set, since \(file.path) cannot be written")
        }
        guard key.count >= 32 else {
            throw SettingsError(name: "CONVENE_SIGNING_KEY", expectation: "set, since \(file.path) holds no key")
        }
        return key
    }
}
