import Foundation
import Testing
import Values

@Suite struct EmailAddressTests {
    private static let taken: [(String, String)] = [
        ("ada@demo.example", "ada@demo.example"), ("Ada.Lovelace+x@Demo.Example", "ada.lovelace+x@demo.example"),
        (" ada@demo.example\n", "ada@demo.example"), ("\u{200B}ada@demo.example\u{FEFF}", "ada@demo.example"),
        ("\u{202A}ada@demo.example\u{202C}", "ada@demo.example"), ("ada\u{AD}@demo.example", "ada@demo.example"),
        ("\u{A0}ada@demo.example\u{3000}", "ada@demo.example"), ("mailto:ada@demo.example", "ada@demo.example"),
        ("MAILTO:ada@demo.example?subject=Hello%20there", "ada@demo.example"),
        ("mailto:ada%2Bx@demo.example", "ada+x@demo.example"), ("<ada@demo.example>", "ada@demo.example"),
        ("Ada <ada@demo.example>", "ada@demo.example"), (#""Roe, Bob" <bob@demo.example>"#, "bob@demo.example"),
        (#""Bob \"the\" Roe" <bob@demo.example>;"#, "bob@demo.example"),
        ("<mailto:ada@demo.example>", "ada@demo.example"),
        ("ada@demo.example,", "ada@demo.example"), (#""ada"@demo.example"#, "ada@demo.example"),
        ("ａｄａ＠ｄｅｍｏ．ｅｘａｍｐｌｅ", "ada@demo.example"), ("ada@localhost", "ada@localhost"),
        ("o'hara#x_y~@a-b.example.photography", "o'hara#x_y~@a-b.example.photography"),
        ("1@2.example", "1@2.example"),
        // Domains of other scripts, as mail servers know them (checked with another library).
        ("kai@bücher.example", "kai@xn--bcher-kva.example"), ("kai@BÜCHER.example", "kai@xn--bcher-kva.example"),
        ("kai@bu\u{308}cher.example", "kai@xn--bcher-kva.example"),
        ("kai@xn--bcher-kva.example", "kai@xn--bcher-kva.example"),
        ("KAI@XN--BCHER-KVA.EXAMPLE", "kai@xn--bcher-kva.example"), ("a@домен.рф", "a@xn--d1acufc.xn--p1ai"),
        ("a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"), ("a@例え。テスト", "a@xn--r8jz45g.xn--zckzah"),
        ("a@straße.example", "a@xn--strae-oqa.example"), ("a@مثال.إختبار", "a@xn--mgbh0fb.xn--kgbechtv"),
    ]

    @Test(arguments: taken) func `an address is read as people have it`(typed: String, address: String) throws {
        #expect(try EmailAddress(typed).text == address)
        #expect(try EmailAddress(address).text == address)
    }

    private static let refused: [(String, EmailAddress.Flaw)] = [
        ("", .notAnAddress), ("ada", .notAnAddress), ("@demo.example", .notAnAddress),
        ("ada@", .notAnAddress), ("ada@demo..example", .notAnAddress), ("a da@demo.example", .notAnAddress),
        ("ada@demo.example\r\nBcc: x@y.example", .notAnAddress), ("ada@demo.example, eve@demo.example", .notAnAddress),
        ("ada@demo.example>", .notAnAddress), (".ada@demo.example", .notAnAddress),
        ("ada.@demo.example", .notAnAddress),
        ("ada@[127.0.0.1]", .notAnAddress), ("ada@demo@demo.example", .notAnAddress),
        ("ada@-demo.example", .notAnAddress),
        ("ada@demo_x.example", .notAnAddress), ("ada@demo example", .notAnAddress),
        (#""a b"@demo.example"#, .notAnAddress),
        ("ada@xn--\u{1F600}.example", .notAnAddress),
        ("ada@xn--a.example", .notAnAddress), ("mailto:", .notAnAddress), ("Ada <>", .notAnAddress),
        ("@", .notAnAddress),
        ("ada@demo.example\0", .notAnAddress), ("ada@demo.example%00", .notAnAddress),
        ("mailto:ada%0d%0aBcc:eve@demo.example", .notAnAddress),
        ("ädä@demo.example", .localPartNotASCII), ("admİn@demo.example", .localPartNotASCII),
        ("\u{212A}ai@demo.example", .localPartNotASCII), ("ann\u{200D}a@demo.example", .localPartNotASCII),
    ]

    @Test func `an address may be as long as servers take`() throws {
        func address(_ local: Int, _ labels: Int) -> String {
            String(repeating: "a", count: local) + "@" + String(repeating: "bb.", count: labels) + "example"
        }
        #expect(try EmailAddress(address(64, 60)).text.utf8.count == 252)
        #expect(throws: EmailAddress.Flaw.tooLong) { try EmailAddress(address(65, 1)) }
        #expect(throws: EmailAddress.Flaw.tooLong) { try EmailAddress(address(64, 61)) }
    }

    @Test(arguments: refused) func `what is no address is refused, with the reason`(
        typed: String, flaw: EmailAddress.Flaw
    ) {
        #expect(throws: flaw) { try EmailAddress(typed) }
    }

    @Test func `what stands for an account is ASCII, whatever was typed`() {
        for typed in [
            "admİn@demo.example", "ADMİN@demo.example", "\u{212A}", "nobody", "a b@c", "é", "Ada@Demo.Example ",
        ] {
            let key = EmailAddress.key(of: typed)

            #expect(key.utf8.allSatisfy { $0 < 0x80 } && key == key.lowercased())
        }
        #expect(EmailAddress.key(of: " Ada@Demo.Example ") == "ada@demo.example")
        #expect(EmailAddress.key(of: "admİn@demo.example") == "")
        #expect(EmailAddress.key(of: "Old..Style@demo.example") == "old..style@demo.example")
    }

    @Test func `random text never ends the process`() {
        var random = SystemRandomNumberGenerator()
        let signs = Array("a@.<>\"\\;, %:0-_xn\u{200D}\u{200B}ü例。＠İ\0\u{FFFF}😀")
        for _ in 0..<3000 {
            let text = String((0..<Int.random(in: 0...30)).map { _ in signs.randomElement(using: &random) ?? "a" })
            _ = try? EmailAddress(text)
            _ = try? EmailAddress("mailto:a@" + text)
        }
    }

    @Test(arguments: [
        ("Convene <convene@example.org>", "Convene"), (#""Roe, Bob" <bob@demo.example>"#, "Roe, Bob"),
        (#""Bob \"the\" Roe" <bob@demo.example>"#, #"Bob "the" Roe"#), ("<ada@demo.example>", nil),
        ("ada@demo.example", nil), ("学校 <ada@demo.example>", "学校"),
    ]) func `a mailbox has the name before its address`(typed: String, name: String?) {
        #expect(Mailbox(typed).name == name)
    }
}
