import Foundation
import Testing
import Values

@Suite struct PlainTextTests {
    private static let refused: [(String, TextFlaw)] = [
        ("a\nBcc: x@example.org", TextFlaw.control), ("a\rb", .control), ("a\tb", .control), ("a\0b", .control),
        ("a\u{1}b", .control), ("a\u{7F}b", .control), ("a\u{85}b", .control), ("a\u{9B}b", .control),
        ("a\u{B}b", .control), ("a\u{1B}[31mb", .control), ("a\u{2028}b", .control), ("a\u{2029}b", .control),
        ("\u{202E}gnp.exe", .direction), ("a\u{202A}b", .direction), ("a\u{2066}b\u{2069}", .direction),
        ("a\u{2067}b", .direction), ("a\u{202C}", .direction),

        ("a\u{FFF9}b", .unusable), ("a\u{206E}b", .unusable),
        ("a\u{E0041}\u{E0042}", .unusable), ("\u{E0001}a", .unusable),
        ("", .blank), (" ", .blank), ("\u{200B}", .blank), ("\u{3164}", .blank), ("\u{115F}\u{1160}", .blank),
        ("\u{2800}", .blank), ("\u{AD}", .blank), ("\u{FE0F}", .blank), ("\u{200D}", .blank), ("\u{200E}", .blank),
        ("\u{301}", .blank), ("\u{FEFF} \u{A0}\u{3000}\u{2003}", .blank), ("\u{FFA0}", .blank), ("\u{180E}", .blank),
        ("\u{34F}", .blank), ("\u{2060}\u{2063}", .blank), ("\n", .blank), ("\u{61C}", .blank),
    ]

    @Test(arguments: [
        "Maths", "Grüße aus München", "您的邀请函：青山塾", "مقابلة (Python 3) مع محمد", "שלום עולם", "می\u{200C}خواهم",
        "क्\u{200D}ष", "C++\u{200E} و Java", "👩\u{200D}👩\u{200D}👧",
        "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        "❤\u{FE0F}", "𝄞", "a\u{200B}b", "…", "0", "O’Brien-García, Dr. (PhD)", "\u{E000}",
    ]) func `names and titles of every script are lines`(text: String) throws {
        #expect(try Line(text).text == text)
        #expect(PlainText.cleanedLine(text) == text)
    }

    @Test(arguments: refused)
    func `what is no visible line is refused`(text: String, flaw: TextFlaw) {
        #expect(throws: flaw) { try Line(text) }
    }

    @Test func `every control, override and noncharacter is refused inside a line`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let steers =
                scalar.properties.generalCategory == .control || (0x2028...0x202E).contains(value)
                || (0x2066...0x206F).contains(value) || scalar.properties.isNoncharacterCodePoint
            let isTaken = (try? Line("a\(Character(scalar))b")) != nil
            // Annotations and tags too.
            let isOdd = (0xFFF9...0xFFFB).contains(value) || (0xE0000...0xE007F).contains(value)
            #expect(isTaken == !(steers || isOdd), "U+\(String(value, radix: 16))")
        }
    }

    @Test(arguments: [
        ("  Maths ", "Maths"), ("\u{A0}Maths\u{3000}", "Maths"), ("\u{FEFF}Maths\u{200B}", "Maths"),
        ("Maths\n", "Maths"), ("\r\n\tMaths", "Maths"), ("\u{3164}Maths", "Maths"), ("a  b", "a  b"),
        ("e\u{301}", "é"), ("\u{212B}", "Å"), ("가".decomposedStringWithCanonicalMapping, "가"),
    ]) func `what surrounds a line is taken off, and it is composed`(text: String, line: String) throws {
        let cleaned = try Line(text).text

        #expect(cleaned.unicodeScalars.elementsEqual(line.unicodeScalars))
    }

    @Test(arguments: [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"), ("a\tb", "a\tb"),
        ("a\u{2028}b\u{2029}c\u{85}d", "a\nb\nc\nd"),
        ("a\n\n b ", "a\n\n b"), ("\n\na\n", "a"), ("", ""), ("\u{200B}", ""), ("می\u{200C}خواهم", "می\u{200C}خواهم"),
    ]) func `prose has lines and tabs`(text: String, prose: String) throws {
        #expect(try Prose(text).text == prose)
    }

    @Test(arguments: ["a\0", "a\u{1B}[2Jb", "a\u{C}b", "a\u{202E}b", "a\u{2068}b", "a\u{9F}b"])
    func `prose does not steer either`(text: String) {
        #expect(throws: TextFlaw.self) { try Prose(text) }
    }

    @Test(arguments: [
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"), ("\u{202E}evil", "evil"), ("a\u{2028}b", "a b"),
        ("\n", ""), ("a\0b", "a b"), ("a\u{206A}b\u{2069}", "ab"), (" Ada ", "Ada"),
    ]) func `a line from elsewhere is cleaned`(text: String, line: String) throws {
        let cleaned = PlainText.cleanedLine(text)

        #expect(cleaned == line)
        #expect(try PlainText.line(cleaned) == cleaned)
    }

    @Test func `a line is read from JSON, and what is none is not`() throws {
        #expect(try JSONDecoder().decode([Line].self, from: Data(#"[" a ", "b"]"#.utf8)).map(\.text) == ["a", "b"])
        #expect(String(decoding: try JSONEncoder().encode([try Line("a")]), as: UTF8.self) == #"["a"]"#)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Line].self, from: Data(#"["a\nb"]"#.utf8)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Line].self, from: Data(#"[""]"#.utf8)) }
    }
}
