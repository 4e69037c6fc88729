import Foundation
import Testing
import Values

@testable import Secrets

@Suite struct SecretBoxTests {
    private let owner = OrganizationID(UUID())
    private var context: SecretContext { SecretContext("provider_credentials", "secret", of: owner) }
    private let message = Data("correct horse battery staple".utf8)

    @Test func `what was sealed opens`() throws {
        let box = SecretBox(KeyRing(.random()))

        #expect(try box.open(box.seal(message, for: context), for: context) == message)
        #expect(try box.open(box.seal(Data(), for: context), for: context) == Data())
        #expect(try box.openText(box.seal(Secret("ünïcode"), for: context), for: context).revealed == "ünïcode")
    }

    @Test func `the same secret is sealed differently each time, and shows nothing of itself`() throws {
        let box = SecretBox(KeyRing(.random()))

        let (first, second) = (try box.seal(message, for: context), try box.seal(message, for: context))

        #expect(first != second)
        #expect(first.range(of: message) == nil)
    }

    @Test func `a sealed value names version and key, and is 33 bytes longer than the secret`() throws {
        let key = EncryptionKey.random()

        let sealed = try SecretBox(KeyRing(key)).seal(message, for: context)

        #expect(sealed.first == 1)
        #expect(sealed[1..<5] == key.id)
        #expect(sealed.count == message.count + 33)
    }

    @Test func `it opens for no other table, column or owner`() throws {
        let box = SecretBox(KeyRing(.random()))
        let sealed = try box.seal(message, for: context)
        let others = [
            SecretContext("provider_credentials", "secret", of: OrganizationID(UUID())),
            SecretContext("provider_credentials", "token", of: owner), SecretContext("user_totp", "secret", of: owner),
        ]

        for other in others {
            #expect(throws: SecretError.notAuthentic) { try box.open(sealed, for: other) }
        }
    }

    @Test func `no bit of it can be changed`() throws {
        let box = SecretBox(KeyRing(.random()))
        let sealed = try box.seal(message, for: context)

        for bit in 0..<(sealed.count * 8) {
            var forged = sealed
            forged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: SecretError.self) { try box.open(forged, for: context) }
        }
    }

    @Test func `what is too short or of another version is no sealed value`() throws {
        let box = SecretBox(KeyRing(.random()))
        let sealed = try box.seal(Data(), for: context)

        #expect(throws: SecretError.malformed) { try box.open(sealed.dropLast(), for: context) }
        #expect(throws: SecretError.malformed) { try box.open(Data(), for: context) }
        #expect(throws: SecretError.malformed) { try box.open(Data([2]) + sealed.dropFirst(), for: context) }
    }

    @Test func `a value of another key names that key`() throws {
        let other = EncryptionKey.random()
        let sealed = try SecretBox(KeyRing(other)).seal(message, for: context)

        #expect(throws: SecretError.unknownKey(other.id)) {
            try SecretBox(KeyRing(.random())).open(sealed, for: context)
        }
    }

    @Test func `a new key seals, and the old one still opens`() throws {
        let (old, new) = (EncryptionKey.random(), EncryptionKey.random())
        let sealed = try SecretBox(KeyRing(old)).seal(message, for: context)
        let box = SecretBox(KeyRing(new, older: [old]))

        #expect(try box.open(sealed, for: context) == message)
        #expect(try box.seal(message, for: context)[1..<5] == new.id)
    }

    @Test func `a secret that is too long is refused`() {
        #expect(throws: SecretError.tooLong) {
            try SecretBox(KeyRing(.random())).seal(Data(count: SecretBox.largestSecret + 1), for: context)
        }
    }

    /// McGrew and Viega, The Galois/Counter Mode of Operation, appendix B, test case 16, whose associated data is not
    /// ours: it proves the cipher, through the box that the envelope is made with.
    @Test func `the cipher is the published one`() throws {
        let key = try #require(
            EncryptionKey(
                base64: hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").base64EncodedString()))
        let plain = hex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")

        let sealed = try Envelope.encrypt(
            plain, with: key, nonce: hex("cafebabefacedbaddecaf888"),
            authenticating: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))

        #expect(
            sealed
                == hex(
                    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                        + "76fc6ece0f4e1768cddf8853bb2d551b"))
    }

    private func hex(_ text: String) -> Data {
        var data = Data()
        var rest = text[...]
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            data.append(byte)
            rest = rest.dropFirst(2)
        }
        return data
    }
}
