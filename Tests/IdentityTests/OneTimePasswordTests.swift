import Foundation
import Testing

@testable import Identity

@Suite struct OneTimePasswordTests {
    /// RFC 6238, appendix B: the secret, and the last six of its eight digits.
    private let rfc = OneTimePassword(secret: Data("12345678901234567890".utf8))

    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func `the codes are those of RFC 6238`(seconds: Int, code: String) {
        let now = Date(timeIntervalSince1970: Double(seconds))

        #expect(rfc.matches(code, at: now, after: nil) == seconds / 30)
    }

    /// RFC 4226, appendix D.
    @Test func `the codes are those of RFC 4226`() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ]

        #expect((0..<10).map(rfc.code(of:)) == codes)
    }

    @Test func `a code is taken one step early or late, and no further`() {
        let code = rfc.code(of: 1000)
        let start = 1000.0 * 30

        for (offset, expected) in [(-31.0, nil), (-30, 1000), (0, 1000), (29.9, 1000), (59.9, 1000), (60, nil)] {
            #expect(rfc.matches(code, at: Date(timeIntervalSince1970: start + offset), after: nil) == expected)
        }
    }

    @Test func `no code works twice, nor one from before the last`() {
        let now = Date(timeIntervalSince1970: 30_000)

        let step = rfc.matches(rfc.code(of: 1000), at: now, after: nil)
        #expect(step == 1000)
        #expect(rfc.matches(rfc.code(of: 1000), at: now, after: step) == nil)
        #expect(rfc.matches(rfc.code(of: 999), at: now, after: step) == nil)
        #expect(rfc.matches(rfc.code(of: 1001), at: now, after: step) == 1001)
    }

    @Test(arguments: ["", "00000", "0000000", "12345a", "١٢٣٤٥٦", "+12345", "000000"])
    func `what is no code is refused`(code: String) {
        #expect(rfc.matches(code, at: Date(timeIntervalSince1970: 59), after: nil) == nil)
    }

    @Test func `a space among the digits does not matter`() {
        #expect(rfc.matches("287 082", at: Date(timeIntervalSince1970: 59), after: nil) == 1)
    }

    @Test func `every secret is another one, of 160 bits`() {
        #expect(OneTimePassword().secret.count == 20)
        #expect(OneTimePassword().secret != OneTimePassword().secret)
    }

    @Test func `the address for the app has the account, the secret and the issuer`() {
        #expect(
            rfc.uri(for: "ada+maths & more@demo.example")
                == "otpauth://totp/Convene:ada%2Bmaths%20%26%20more@demo.example"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Convene")
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `base32 is that of RFC 4648`(text: String, encoded: String) {
        #expect(Base32.rfc4648.encode(text.utf8) == encoded)
    }
}

@Suite struct RecoveryCodesTests {
    @Test func `there are ten different codes, in four groups of four`() {
        let codes = RecoveryCodes()

        #expect(Set(codes.texts).count == 10)
        #expect(Set(codes.hashes).count == 10)
        for text in codes.texts {
            #expect(text.wholeMatch(of: /([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}/) != nil)
        }
    }

    @Test func `a code is known however it is typed`() throws {
        let hash = try #require(RecoveryCodes.hash(of: "0a1b-c2d3-e4f5-01gh"))

        #expect(hash.count == 32)
        for typed in ["0A1B-C2D3-E4F5-01GH", " 0a1bc2d3 e4f501gh\n", "oalb-c2d3-e4f5-oIgh"] {
            #expect(RecoveryCodes.hash(of: typed) == hash)
        }
        #expect(RecoveryCodes.hash(of: "0a1b-c2d3-e4f5-01gj") != hash)
    }

    @Test(arguments: ["", "0a1b-c2d3-e4f5-01g", "0a1b-c2d3-e4f5-01ghj", "0a1b-c2d3-e4f5-01gu", "0a1b-c2d3-e4f5-01gé"])
    func `what is no code has no hash`(typed: String) {
        #expect(RecoveryCodes.hash(of: typed) == nil)
    }
}
