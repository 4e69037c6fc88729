extension Endpoint {
    /// What a request says beside its body.
    package struct Parameter: Sendable {
        package enum Place: String, Sendable { case path, query, header }
        package let name: String
        package let place: Place
        package let schema: Schema
        package let note: String
        package var isRequired: Bool { place == .path }

        package static func path(_ name: String, _ schema: Schema = .id, note: String) -> Parameter {
            Parameter(name: name, place: .path, schema: schema, note: note)
        }

        package static func query(_ name: String, _ schema: Schema, _ note: String) -> Parameter {
            Parameter(name: name, place: .query, schema: schema, note: note)
        }

        package static func header(_ name: String, _ schema: Schema, _ note: String) -> Parameter {
            Parameter(name: name, place: .header, schema: schema, note: note)
        }

        package static let limit = query("limit", .integer(1...200), "How many at most; 50 when it is not said.")
        package static let cursor = query("cursor", .text(1...1024), "`nextCursor` of the page before.")
        package static let idempotencyKey = header(
            "Idempotency-Key", .text(1...255),
            "Makes the request happen once: sent again with the same body it gives the first answer, for 24 hours. "
                + "Refusals are not kept, since nothing was done.")
        package static let organization = header(
            "X-Organization-Id", .id, "Which organization, for members of several.")
        /// A browser's `EventSource` cannot send headers.
        package static let streamOrganization = query(
            "organization", .id, "The same as X-Organization-Id, which goes before it.")
    }
}
