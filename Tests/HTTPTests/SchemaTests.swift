import Testing

@testable import HTTP

@Suite struct SchemaTests {
    private let schema = Schema.object([
        Schema.required("title", .text(1...5)), Schema.required("count", .integer(1...3)),
        Schema.optional("when", .time), Schema.optional("who", .array(.id, count: 1...2)),
        Schema.optional("note", .nullable(.text(0...3))),
    ])

    private func errors(_ value: JSONValue) -> [FieldError] { schema.errors(in: value) }

    @Test func `what is as declared has no errors`() {
        #expect(
            errors([
                "title": "Maths", "count": 2, "when": "2026-11-21T10:00:00+08:00",
                "who": ["018f3b0a-0000-7000-8000-000000000001"], "note": .null,
            ]) == [])
    }

    @Test func `every wrong field is named, by its path`() {
        let wrong = errors([
            "title": "", "count": 4, "when": "tomorrow", "who": ["x", "y"], "note": "long", "more": true,
        ])

        #expect(wrong.map(\.field) == ["title", "count", "when", "who[0]", "who[1]", "note", "more"])
    }

    @Test func `what is missing is said to be required`() {
        #expect(
            errors(["title": "Maths"]) == [FieldError(field: "count", message: "is required")])
    }

    @Test(arguments: ["\0", "a\0b"]) func `the character that PostgreSQL cannot keep is refused`(text: String) {
        #expect(errors(["title": .string(text), "count": 1]).map(\.field) == ["title"])
    }

    @Test func `another type is refused, and the expected one named`() {
        #expect(errors("x").first?.message == "must be an object")
        #expect(errors(["title": 1, "count": "1"]).map(\.message) == ["must be a string", "must be a whole number"])
    }
}
