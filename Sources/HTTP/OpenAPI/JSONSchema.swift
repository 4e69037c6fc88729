// Schemas as OpenAPI 3.1 writes them (JSON Schema 2020-12).

extension Schema {
    /// A name where it has one, else the whole.
    var reference: JSONValue {
        if case .named(let name, _) = self { ["$ref": .string("#/components/schemas/\(name)")] } else { definition }
    }

    var definition: JSONValue {
        switch self {
        case .string(let minimum, let maximum): Self.definition(ofText: minimum...maximum)
        case .line(let lengths), .prose(let lengths): Self.definition(ofText: lengths)
        case .enumeration(let cases): ["type": "string", "enum": .array(cases.map { .string($0) })]
        case .pattern(let expression, _): ["type": "string", "pattern": .string(expression)]
        case .timeZone: ["type": "string", "maxLength": 64, "examples": ["Europe/Berlin"]]
        case .id: ["type": "string", "format": "uuid"]
        case .email: ["type": "string", "format": "email", "maxLength": 254]
        case .time: ["type": "string", "format": "date-time"]
        case .integer(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .array(let element, let count):
            [
                "type": "array", "items": element.reference, "minItems": .integer(count.lowerBound),
                "maxItems": .integer(count.upperBound),
            ]
        case .object(let properties): Self.definition(of: properties)
        case .members: ["type": "object"]
        case .nullable(let schema): ["anyOf": [schema.reference, ["type": "null"]]]
        case .named(_, let schema): schema.definition
        }
    }

    private static func definition(ofText lengths: ClosedRange<Int>) -> JSONValue {
        let (minimum, maximum) = (JSONValue.integer(lengths.lowerBound), JSONValue.integer(lengths.upperBound))
        return lengths.lowerBound > 0
            ? ["type": "string", "minLength": minimum, "maxLength": maximum, "pattern": "\\S"]
            : ["type": "string", "maxLength": maximum]
    }

    private static func definition(of properties: [Property]) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for property in properties {
            var definition = property.schema.reference
            if let note = property.note, case .object(var inner) = definition {
                inner["description"] = .string(note)
                definition = .object(inner)
            }
            members[property.name] = definition
        }
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        return [
            "type": "object", "properties": .object(members), "required": .array(required),
            "additionalProperties": false,
        ]
    }
}
