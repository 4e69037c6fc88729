import Foundation
import TestSupport
import Testing

@testable import Outgoing

@Suite(.enabled(if: PythonReader.isThere, "scripts/venv prepares what reads the mails"))
struct MailMessageTests {
    private let date = Date(timeIntervalSince1970: 1_795_266_758)

    private func sender(_ name: String? = "Convene") throws -> MailAddress {
        try MailAddress("convene@example.org", name: name)
    }

    private func message(
        to name: String? = nil, subject: String = "Hello", text: String = "Text", html: String = "<p>HTML</p>",
        fromName: String? = nil, replyTo: MailAddress? = nil
    ) throws -> MailMessage {
        try MailMessage(
            id: "018f3b0a-0000-7000-8000-000000000001", to: try MailAddress("ada@demo.example", name: name),
            subject: subject, text: text, html: html, fromName: fromName, replyTo: replyTo, date: date)
    }

    private func read(_ message: MailMessage) throws -> ReadMail {
        let printed = try PythonReader.read(message.document(from: try sender()), with: "read_mail.py")
        return try JSONDecoder().decode(ReadMail.self, from: Data(printed.utf8))
    }

    @Test func `a mail has what its readers and their servers want to know`() throws {
        let mail = try read(
            message(to: "Ada", fromName: "Northlight", replyTo: MailAddress("help@northlight.example", name: "Help")))

        #expect(mail.from == [["Northlight", "convene@example.org"]])
        #expect(mail.to == [["Ada", "ada@demo.example"]])
        #expect(mail.replyTo == [["Help", "help@northlight.example"]])
        #expect(mail.date == "2026-11-21T13:12:38+00:00")
        #expect(mail.messageId == "<018f3b0a-0000-7000-8000-000000000001@example.org>")
        #expect(mail.autoSubmitted == "auto-generated")
        #expect(mail.contentType == "multipart/alternative" && mail.parts == ["plain", "html"])
        #expect(mail.text == "Text\n" && mail.html == "<p>HTML</p>\n")
        #expect(mail.defects == [])
    }

    @Test(arguments: [
        "Grüße aus München", "您的邀请函：青山塾", "Приглашение в «Север»", "🦊 👩‍👩‍👧‍👦 emoji",
        #"a "quoted" \ name, (with) <signs>; @ : ."#,
        "=?UTF-8?B?bm90IG91cnM=?=", String(repeating: "long ", count: 60) + "end", String(repeating: "x", count: 400),
        String(repeating: "学", count: 150),
    ])
    func `any language and any sign arrives as it was written, in short lines`(text: String) throws {
        let mail = try read(message(to: text, subject: text, text: text, html: text, fromName: text))

        #expect(mail.subject == text)
        #expect(mail.from == [[text, "convene@example.org"]] && mail.to == [[text, "ada@demo.example"]])
        #expect(mail.text == text + "\n" && mail.html == text + "\n")
        #expect(mail.longestLine <= 78 && mail.isAllCRLF && mail.isASCII)
        #expect(mail.defects == [])
    }

    @Test func `a body may hold whatever looks like something else`() throws {
        let text = """
            From the start
            .
            ..
            --=_018f3b0a-0000-7000-8000-000000000001--
            Subject: none\r
            blanks at the end  \t
            a=3D=
            \u{0}\u{7F}

            last
            """
        let mail = try read(message(text: text))

        #expect(mail.text == text.replacing("\r\n", with: "\n") + "\n")
        #expect(mail.parts == ["plain", "html"] && mail.defects == [])
        #expect(mail.longestLine <= 78 && mail.isAllCRLF)
    }

    @Test(arguments: ["a\r\nBcc: eve@rival.example", "a\nb", "a\rb", "a\u{0}b", "a\u{85}b", "a\u{2028}b"])
    func `what could begin another header becomes blanks in its own`(field: String) throws {
        let mail = try read(message(to: field, subject: field, fromName: field))

        let words = field.unicodeScalars.split { !$0.isASCII || $0.value < 0x20 }
        let line = words.map(String.init).joined(separator: " ")
        #expect(mail.subject == line && mail.from == [[line, "convene@example.org"]])
        #expect(mail.to == [[line, "ada@demo.example"]])
        #expect(mail.defects == [])
    }

    @Test func `a name that nothing is left of is left out`() throws {
        let mail = try read(message(to: "\r\n", fromName: "\u{202E}"))

        #expect(mail.to == [["", "ada@demo.example"]] && mail.from == [["Convene", "convene@example.org"]])
    }

    @Test(arguments: [
        "", "ada", "@demo.example", "ada@", "ada@demo..example", "a da@demo.example",
        "ada@demo.example\r\nBcc: x@y.example",
        "ada@demo.example,eve@demo.example", "ädä@demo.example", ".ada@demo.example", "ada@demo.example>",
        "ada@[127.0.0.1]",
        String(repeating: "a", count: 65) + "@demo.example", "a@" + String(repeating: "b.", count: 130) + "example",
    ])
    func `what is no address is refused`(address: String) {
        #expect(throws: MailMessageError.address) { try MailAddress(address) }
    }

    @Test(arguments: [
        ("Convene <convene@example.org>", "convene@example.org", "Convene"),
        (#""Convene, at work" <o'hara+x_y@a-b.example.org>"#, "o'hara+x_y@a-b.example.org", "Convene, at work"),
        ("<convene@localhost>", "convene@localhost", nil), (" convene@example.org", "convene@example.org", nil),
    ])
    func `a sender is read from a setting`(text: String, address: String, name: String?) {
        let parsed = MailAddress(parsing: text)

        #expect(parsed?.address == address && parsed?.name == name)
    }

    @Test func `a setting that names no sender is none`() {
        for text in ["", "Convene", "Convene <>", "Convene <a@b> x", "a@b c@d"] {
            #expect(MailAddress(parsing: text) == nil)
        }
    }
}
