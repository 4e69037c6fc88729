/// The schemas that have a name, each of which the document shows once.
struct NamedSchemas {
    private(set) var definitions: [String: JSONValue] = [:]

    init(of endpoints: [Endpoint]) throws(OpenAPI.Contradiction) {
        try add(.problem(with: try Self.problemMembers(of: endpoints)))
        for endpoint in endpoints {
            for schema in endpoint.schemas { try add(schema) }
        }
    }

    private mutating func add(_ schema: Schema) throws(OpenAPI.Contradiction) {
        switch schema {
        case .named(let name, let inner):
            let definition = inner.definition
            guard definitions[name, default: definition] == definition else { throw .schema(name) }
            definitions[name] = definition
            try add(inner)
        case .nullable(let inner), .array(let inner, _): try add(inner)
        case .object(let properties): for property in properties { try add(property.schema) }
        case .string, .line, .prose, .enumeration, .pattern, .timeZone, .id, .email, .time, .integer, .number,
            .boolean, .members:
            break
        }
    }

    /// Of all problems together, each once.
    private static func problemMembers(
        of endpoints: [Endpoint]
    ) throws(OpenAPI.Contradiction) -> [Schema.Property] {
        var members: [Schema.Property] = []
        for member in endpoints.flatMap(\.problemMembers) {
            guard let known = members.first(where: { $0.name == member.name }) else {
                members.append(member)
                continue
            }
            guard known.schema.definition == member.schema.definition else { throw .schema("Problem") }
        }
        return members
    }
}

extension Endpoint {
    fileprivate var schemas: [Schema] {
        var schemas = problemMembers.map(\.schema)
        if case .json(let schema)? = body?.content { schemas.append(schema) }
        for case .json(let schema)? in responses.map(\.content) { schemas.append(schema) }
        return schemas
    }
}
