import Foundation
import Testing
import Values

@testable import HTTP

@Suite struct JSONReaderTests {
    private func read(_ text: String, as schema: Schema = .members) throws -> JSONValue {
        try JSONReader.read(Array(text.utf8), as: schema).value
    }

    private func flaw(_ bytes: [UInt8]) -> JSONReader.Flaw? {
        do {
            _ = try JSONReader.read(bytes, as: .members)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            (#"{"a":[1,-0,2.5,1e2,-1.5E-1]}"#, ["a": [1, 0, .number(2.5), 100, .number(-0.15)]]),
            (" {\n\"a\" : [ true , false , null , { } , [ ] ]\t}\r\n ", ["a": [true, false, .null, [:], []]]),
            (#"{"\u0061\"\\\/\b\f\n\r\t":"\u00e9\ud83d\ude00é😀"}"#, ["a\"\\/\u{8}\u{C}\n\r\t": "é😀é😀"]),
            ("{}", [:]), (#"{"":""}"#, ["": ""]),
        ] as [(String, JSONValue)]) func `a document is read as it stands`(text: String, value: JSONValue) throws
    {
        #expect(try read(text) == value)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", #"{"a":1,}"#, #"{"a"}"#, #"{"a":}"#, #"{a:1}"#, "{'a':1}", #"{"a":1 "b":2}"#, "[,]",
        "{,}",
        "01", "+1", "1.", ".5", "1e", "1e+", "-", "0x1", "NaN", "Infinity", "nul", "nulll", "True", "tru", "[1 2]",
        #"{"a":1}x"#, "{}{}", "{} ,", #""\x""#, #""\u12g4""#, #""\u12""#, #""\"#, #"""#, "\"a\nb\"", "\"\u{1}\"",
        #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\u0041""#, #""\ud800\ud800""#, "\u{FEFF}{}", "[1]]", "[[1]",
        "//\n{}",
        "\u{A0}{}",
    ]) func `what is no JSON is refused`(text: String) {
        #expect(flaw(Array(text.utf8)) == .malformed)
    }

    @Test(
        arguments: [
            [0xFF, 0xFE], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22], [0x7B, 0, 0x7D, 0],
        ] as [[UInt8]]) func `what is no UTF-8 is refused`(bytes: [UInt8])
    {
        #expect(flaw(bytes) == .malformed)
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")]) func `what is deep is refused, wherever it stands`(
        open: String, close: String
    ) {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
        }
        #expect(flaw(nested(JSONReader.deepest)) == nil)
        #expect(flaw(nested(JSONReader.deepest + 1)) == .tooDeep)
        #expect(flaw(nested(100_000)) == .tooDeep)
        #expect(flaw(Array(#"{"unknown":"#.utf8) + nested(JSONReader.deepest) + [UInt8(ascii: "}")]) == .tooDeep)
    }

    @Test func `numbers are kept exactly or said to be too large`() throws {
        #expect(
            try read("[9223372036854775807,-9223372036854775808]", as: .numbers) == [.integer(.max), .integer(.min)])
        let odd = try read(
            "[9223372036854775808,1e999,-1e999,\(String(repeating: "9", count: 5000)),1e-999]", as: .numbers)
        #expect(
            odd == [
                .number(0x1p63), .number(.greatestFiniteMagnitude), .number(-.greatestFiniteMagnitude),
                .number(.greatestFiniteMagnitude), 0,
            ])
        #expect(Schema.array(.integer(1...2), count: 0...9).errors(in: odd).count == 5)
    }

    // MARK: What the schema has no use for

    private let schema = Schema.object([
        Schema.required("title", .text(1...5)), Schema.optional("people", .array(.id, count: 1...2)),
        Schema.optional("note", .nullable(.object([Schema.optional("text", .text)]))),
    ])

    private func errors(_ text: String) throws -> [FieldError] {
        let (value, faults) = try JSONReader.read(Array(text.utf8), as: schema)
        return faults + schema.errors(in: value)
    }

    @Test func `a field without a declaration is named, and what is under it is not built`() throws {
        let value = try read(#"{"title":"x","more":{"a":[1,2,3]},"note":{"text":"y","b":[[]]}}"#, as: schema)

        #expect(value == ["title": "x", "more": [:], "note": ["text": "y", "b": []]])
        #expect(
            schema.errors(in: value) == [
                FieldError(field: "note.b", message: "is not a field of this request"),
                FieldError(field: "more", message: "is not a field of this request"),
            ])
    }

    @Test func `what is of another type is known by its type alone`() throws {
        #expect(
            try read(
                #"{"title":["a",{"b":1}],"people":"\#(String(repeating: "x", count: 1000))","note":7}"#, as: schema)
                == ["title": [], "people": "", "note": 0])
        #expect(
            try errors(#"{"title":[1],"people":{},"note":7}"#).map(\.message) == [
                "must be a string", "must be an array", "must be an object",
            ])
    }

    @Test func `of too many elements only as many are kept as tell`() throws {
        let value = try read(#"{"title":"x","people":[\#(String(repeating: "1,", count: 1000))1]}"#, as: schema)

        #expect(value["people"] == [0, 0, 0])
        #expect(
            try errors(#"{"title":"x","people":["","",""]}"#).map(\.message) == ["must have between 1 and 2 entries"])
    }

    @Test(arguments: [
        #"{"title":"a","title":"b"}"#, #"{"title":"a","t\u0069tle":"a"}"#,
        #"{"title":"a","note":{"text":"a","text":"b"}}"#,
        #"{"title":"a","other":1,"other":2}"#,
    ]) func `a field that is there twice is refused`(text: String) throws {
        #expect(try errors(text).contains { $0.message == "is there twice" })
    }

    /// KELVIN SIGN is canonically equal to K, and so equal to it as Swift compares texts and keys.
    @Test func `a name that only looks like a field is none`() throws {
        let schema = Schema.object([Schema.optional("Key", .nullable(.text(1...3)))])
        let (value, faults) = try JSONReader.read(Array("{\"\u{212A}ey\":null}".utf8), as: schema)

        #expect(value == [:] && faults.map(\.message) == ["is not a field of this request"])
    }

    @Test func `a thousand wrong fields are a short answer`() throws {
        let text =
            "{" + (0..<1000).map { #""\#($0)\#(String(repeating: "n", count: 500))":1"# }.joined(separator: ",") + "}"

        let problem = Problem.invalid(try errors(text))

        #expect(problem.errors.count == FieldError.mostTold)
        #expect(problem.detail.utf8.count < 5000 && problem.detail.hasSuffix("; and others."))
        #expect(try JSONEncoder.convene.encode(problem.body).count < 10_000)
    }

    // MARK: Beside another reader

    @Test func `what another reader makes of a document is what this one does`() throws {
        var dice = Dice(seed: 7)
        for round in 0..<2000 {
            let document = dice.document()
            let theirs = try JSONSerialization.jsonObject(with: Data(document.utf8), options: .fragmentsAllowed)

            let ours = try read(document, as: .members)

            #expect(ours.isSame(as: theirs), "\(round): \(document)")
        }
    }

    /// Foundation takes more than RFC 8259 has (a comma at the end, for instance), and nothing less.
    @Test func `what is taken of a damaged document is what another reader takes too`() throws {
        var dice = Dice(seed: 8)
        var taken = 0
        for _ in 0..<5000 {
            var bytes = Array(dice.document().utf8)
            for _ in 0..<Int.random(in: 1...3, using: &dice) {
                let place = Int.random(in: bytes.indices, using: &dice)
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: bytes[place] = Array("{}[]\",:\\0-.eEtu \n".utf8).randomElement(using: &dice) ?? 0
                case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &dice)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            guard let ours = try? JSONReader.read(bytes, as: .members).value, case .object = ours, !ours.isTooLarge
            else { continue }
            let theirs = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            #expect(ours.isSame(as: theirs), "\(String(decoding: bytes, as: UTF8.self))")
            taken += 1
        }
        #expect(taken > 200)
    }
}

extension Schema {
    fileprivate static let numbers = Schema.array(.number, count: 0...10)
}

extension JSONValue {
    /// Whether there is a number that the other reader has no room for.
    fileprivate var isTooLarge: Bool {
        switch self {
        case .number(let number): number.magnitude == .greatestFiniteMagnitude
        case .array(let elements): elements.contains(where: \.isTooLarge)
        case .object(let members): members.values.contains(where: \.isTooLarge)
        case .null, .bool, .integer, .string: false
        }
    }

    /// Whether `JSONSerialization` has read the same. Its last digits of a number may be others.
    fileprivate func isSame(as theirs: Any) -> Bool {
        switch self {
        case .null: return theirs is NSNull
        case .bool(let bool): return theirs as? Bool == bool
        case .integer(let integer): return (theirs as? NSNumber)?.doubleValue == Double(integer)
        case .number(let number):
            guard let other = (theirs as? NSNumber)?.doubleValue else { return false }
            return (other - number).magnitude <= number.magnitude * 1e-14
        case .string(let text): return theirs as? String == text
        case .array(let elements):
            guard let others = theirs as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy { $0.isSame(as: $1) }
        case .object(let members):
            guard let others = theirs as? [String: Any], others.count == members.count else { return false }
            return members.allSatisfy { name, value in others[name].map(value.isSame) ?? false }
        }
    }
}

/// Makes the same documents in every run.
private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func document() -> String { "{\"x\":\(value(depth: 0))}" }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 6 ? 9 : 6), using: &self) {
        case 0: return ["true", "false", "null"].randomElement(using: &self) ?? ""
        case 1: return String(Int.random(in: -1_000_000...1_000_000, using: &self))
        case 2: return "\(Double.random(in: -1e6...1e6, using: &self))"
        case 3: return ["0", "-0", "1e3", "2E-2", "1.50", "9007199254740993"].randomElement(using: &self) ?? ""
        case 4, 5: return text()
        case 6, 7:
            let members = (0..<Int.random(in: 0..<4, using: &self)).map { number in
                "\(blank())\"\(number)\(text().dropFirst())\(blank()):\(value(depth: depth + 1))"
            }
            return "{" + members.joined(separator: ",") + blank() + "}"
        default:
            let elements = (0..<Int.random(in: 0..<4, using: &self)).map { _ in blank() + value(depth: depth + 1) }
            return "[" + elements.joined(separator: ",") + blank() + "]"
        }
    }

    private mutating func text() -> String {
        let parts = (0..<Int.random(in: 0..<5, using: &self)).map { _ in
            ["a", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "é", "😀", "{", "]", ",", "\\u0007"]
                .randomElement(using: &self) ?? ""
        }
        return "\"" + parts.joined() + "\""
    }

    private mutating func blank() -> String { ["", "", " ", "\n", "\t"].randomElement(using: &self) ?? "" }
}
