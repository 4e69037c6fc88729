import HTTPTypes
import Testing

@testable import HTTP

@Suite struct OpenAPITests {
    private func endpoint(_ path: String, answering schema: Schema, _ members: [Schema.Property] = []) -> Endpoint {
        Endpoint(
            method: .get, path: path, summary: "One.", tag: "Test", access: .anyone,
            responses: [.json(.ok, schema, "It.")], problemMembers: members
        ) { _ in .empty() }
    }

    private let departure = Schema.named("Departure", .object([Schema.required("location", .text)]))

    @Test func `a name may be used again for the same schema`() throws {
        _ = try OpenAPI([
            endpoint("/a", answering: departure), endpoint("/b", answering: .array(departure, count: 0...9)),
        ])
    }

    @Test func `two schemas of one name that differ are in no document`() {
        let other = Schema.named("Departure", .object([Schema.required("handedOver", .integer(0...9))]))

        #expect(throws: OpenAPI.Contradiction.schema("Departure")) {
            try OpenAPI([endpoint("/a", answering: departure), endpoint("/b", answering: .nullable(other))])
        }
    }

    @Test func `what problems have beside the standard members agrees between endpoints`() throws {
        let ratio = Schema.optional("ratio", .number)
        _ = try OpenAPI([endpoint("/a", answering: .text, [ratio]), endpoint("/b", answering: .text, [ratio])])

        #expect(throws: OpenAPI.Contradiction.schema("Problem")) {
            try OpenAPI([
                endpoint("/a", answering: .text, [ratio]),
                endpoint("/b", answering: .text, [Schema.optional("ratio", .text)]),
            ])
        }
    }

    @Test func `one address is declared once for a method`() {
        #expect(throws: OpenAPI.Contradiction.operation("GET /a")) {
            try OpenAPI([endpoint("/a", answering: .text), endpoint("/a", answering: .text)])
        }
    }
}
