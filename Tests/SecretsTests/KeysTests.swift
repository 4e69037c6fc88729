import Foundation
import TestSupport
import Testing
import Values

@testable import Secrets

@Suite struct KeysTests {
    private let context = SecretContext("user_totp", "secret", of: UserID(UUID()))
    private let message = Data("message".utf8)

    @Test func `keys are read newest first, with commas or line ends between`() throws {
        let (new, old) = (EncryptionKey.random(), EncryptionKey.random())

        #expect(KeyRing("\(new.base64),\(old.base64)") == KeyRing(new, older: [old]))
        #expect(KeyRing("\(new.base64)\n\(old.base64)\n") == KeyRing(new, older: [old]))
    }

    @Test(arguments: ["", " ", "x", Data(count: 31).base64EncodedString(), Data(count: 33).base64EncodedString()])
    func `what is no key is refused`(text: String) {
        #expect(KeyRing(text) == nil)
        #expect(KeyRing("\(EncryptionKey.random().base64),\(text)x") == nil)
    }

    @Test func `the file is made once, for its owner alone`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/data/encryption.key"

            let (first, second) = (try KeyFile(at: path).ring(), try KeyFile(at: path).ring())

            #expect(first == second)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/data") == ["encryption.key"])
        }
    }

    @Test func `any number that start at once agree on one key`() async throws {
        try await withTemporaryFolder { folder in
            let rings = await withTaskGroup(of: KeyRing?.self) { group in
                for _ in 0..<16 { group.addTask { try? KeyFile(at: folder + "/encryption.key").ring() } }
                return await group.reduce(into: []) { $0.append($1) }
            }

            #expect(rings.count == 16 && rings.allSatisfy { $0 != nil && $0 == rings[0] })
        }
    }

    @Test func `a file that holds no keys is an error that names it`() async throws {
        try await withTemporaryFolder { folder in
            let file = PrivateFile(folder + "/encryption.key")
            _ = try file.make(Data("nonsense".utf8))

            #expect(throws: KeyFileError.unreadable(file.path)) { try SecretBox(KeyFile(at: file.path)) }
        }
    }

    @Test func `whoever runs meets the new key when it seals, and when a value names it`() async throws {
        try await withTemporaryFolder { folder in
            let file = try KeyFile(at: folder + "/encryption.key")
            let (sealing, opening) = (try SecretBox(file), try SecretBox(file))
            let old = try file.ring()
            let new = KeyRing(.random(), older: old.keys)

            try file.write(new)

            let sealed = try sealing.seal(message, for: context)
            #expect(sealed[1..<5] == new.first.id)
            #expect(try opening.open(sealed, for: context) == message)
        }
    }

    @Test func `without the file those that are known go on being used`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/encryption.key"
            let box = try SecretBox(KeyFile(at: path))
            let sealed = try box.seal(message, for: context)

            try FileManager.default.removeItem(atPath: path)

            #expect(try box.open(sealed, for: context) == message)
            #expect(try box.open(box.seal(message, for: context), for: context) == message)
        }
    }

    @Test func `one process at a time changes the keys`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/encryption.key"
            try await KeyFile(at: path).whileLocked { _ in
                await #expect(throws: KeyFileError.inUse(path)) { try await KeyFile(at: path).whileLocked { _ in () } }
            }
            try await KeyFile(at: path).whileLocked { _ in () }
        }
    }

    @Test func `neither a secret nor a key prints itself`() {
        let (secret, key) = (Secret("s3cret-canary"), EncryptionKey.random())
        var printed = ""
        dump((secret, key, KeyRing(key), ["x": secret]), to: &printed)
        printed += "\(secret) \(key) \(KeyRing(key)) \(String(reflecting: secret)) \(String(reflecting: KeyRing(key)))"
        printed += "\(Optional(secret) as Any)"

        #expect(!printed.contains("s3cret-canary"))
        #expect(!printed.contains(key.base64))
        #expect(printed.contains("•••"))
    }
}
