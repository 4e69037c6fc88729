import Foundation
import Values

/// What a JSON value looks like: said once, and read by the validator and by the OpenAPI document (JSON Schema
/// 2020-12, as OpenAPI 3.1 uses it).
package indirect enum Schema: Sendable {
    case string(minLength: Int, maxLength: Int)
    /// One line for people, such as a name (``Line``); it may be empty where nothing is its least length.
    case line(ClosedRange<Int>)
    /// Text for people with lines of any number (``Prose``).
    case prose(ClosedRange<Int>)
    case enumeration([String])
    /// Text that a regular expression (ECMA-262) describes wholly; `problem` says so to people.
    case pattern(String, problem: String)
    /// An IANA name, such as `Europe/Berlin`.
    case timeZone
    case id
    case email
    /// RFC 3339 with an offset.
    case time
    case integer(ClosedRange<Int>)
    case number
    case boolean
    case array(Schema, count: ClosedRange<Int>)
    case object([Property])
    /// An object of any members.
    case members
    case nullable(Schema)
    /// A schema that the document shows once, under its name.
    case named(String, Schema)

    package struct Property: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
        let note: String?
    }

    package static func required(_ name: String, _ schema: Schema, _ note: String? = nil) -> Property {
        Property(name: name, schema: schema, isRequired: true, note: note)
    }

    package static func optional(_ name: String, _ schema: Schema, _ note: String? = nil) -> Property {
        Property(name: name, schema: schema, isRequired: false, note: note)
    }

    package static func pattern(_ expression: String, _ problem: String) -> Schema {
        .pattern(expression, problem: problem)
    }

    package static let text = Schema.string(minLength: 0, maxLength: 1_000_000)

    package static func text(_ lengths: ClosedRange<Int>) -> Schema {
        .string(minLength: lengths.lowerBound, maxLength: lengths.upperBound)
    }

    package static func enumeration<Value: CaseIterable & RawRepresentable>(of type: Value.Type) -> Schema
    where Value.RawValue == String {
        .enumeration(type.allCases.map(\.rawValue))
    }

    /// `{"items": […], "nextCursor": …}`.
    package static func page(of item: Schema) -> Schema {
        .object([
            required("items", .array(item, count: 0...1000)),
            required("nextCursor", .nullable(.text), "Where the next page begins; null on the last one."),
        ])
    }
}

// MARK: - Validation

/// What is wrong with one field of a request.
package struct FieldError: Codable, Sendable, Hashable {
    /// Dotted path in the body, or the parameter's name.
    package let field: String
    package let message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }

    /// How many are told of one request, and how much of a name that somebody made up: an answer is no place to put a
    /// body back into.
    static let mostTold = 20
    private static let longestName = 100

    /// With the end of a long name left out.
    var shortened: FieldError {
        field.unicodeScalars.count <= Self.longestName
            ? self
            : FieldError(
                field: String(String.UnicodeScalarView(field.unicodeScalars.prefix(Self.longestName))) + "…",
                message: message)
    }
}

extension Schema {
    /// Everything that is wrong with `value`, in the order of the schema's properties.
    func errors(in value: JSONValue, at path: String = "") -> [FieldError] {
        func wrong(_ message: String) -> [FieldError] { [FieldError(field: path, message: message)] }
        switch (self, value) {
        case (.named(_, let schema), _): return schema.errors(in: value, at: path)
        case (.nullable, .null): return []
        case (.nullable(let schema), _): return schema.errors(in: value, at: path)
        case (.string(let minimum, let maximum), .string(let text)):
            return Self.flaw(in: text, of: minimum...maximum).map(wrong) ?? []
        case (.line(let lengths), .string(let text)):
            return Self.flaw(inLine: text, of: lengths).map(wrong) ?? []
        case (.prose(let lengths), .string(let text)):
            return Self.flaw(inProse: text, of: lengths).map(wrong) ?? []
        case (.enumeration(let cases), .string(let text)):
            return cases.contains(text) ? [] : wrong("must be one of \(cases.joined(separator: ", "))")
        case (.pattern(let pattern, let problem), .string(let text)):
            let isMatch = (try? Regex(pattern).wholeMatch(in: text)) ?? nil
            return isMatch == nil ? wrong(problem) : []
        case (.timeZone, .string(let text)):
            return ZoneName.isKnown(text) ? [] : wrong("must be the name of a time zone, such as Europe/Berlin")
        case (.id, .string(let text)):
            return UUID(uuidString: text) == nil ? wrong("must be a UUID") : []
        case (.email, .string(let text)):
            return Self.flaw(inAddress: text).map(wrong) ?? []
        case (.time, .string(let text)):
            return RFC3339.date(from: text).map(Self.years.contains) == true
                ? [] : wrong("must be a time with an offset, such as 2026-11-21T10:00:00Z")
        case (.integer(let range), .integer(let number)):
            return range.contains(number) ? [] : wrong("must be between \(range.lowerBound) and \(range.upperBound)")
        case (.number, .integer), (.number, .number), (.boolean, .bool), (.members, .object): return []
        case (.array(let element, let count), .array(let elements)):
            guard count.contains(elements.count) else {
                return wrong("must have between \(count.lowerBound) and \(count.upperBound) entries")
            }
            return elements.enumerated().flatMap { element.errors(in: $1, at: "\(path)[\($0)]") }
        case (.object(let properties), .object(let members)):
            return properties.flatMap { property -> [FieldError] in
                let path = path.isEmpty ? property.name : "\(path).\(property.name)"
                switch members[property.name] {
                case nil where property.isRequired: return [FieldError(field: path, message: "is required")]
                case nil: return []
                case let member?: return property.schema.errors(in: member, at: path)
                }
            }
                + members.keys.sorted().filter { name in !properties.contains { $0.name == name } }.map {
                    FieldError(field: path.isEmpty ? $0 : "\(path).\($0)", message: "is not a field of this request")
                }
        default: return wrong("must be \(expectation)")
        }
    }

    private static let years = Date(timeIntervalSince1970: 0)..<Date(timeIntervalSince1970: 7_258_118_400)

    private var expectation: String {
        switch self {
        case .string, .line, .prose, .enumeration, .pattern, .timeZone, .id, .email, .time: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .array: "an array"
        case .object, .members: "an object"
        case .nullable(let schema), .named(_, let schema): schema.expectation
        }
    }

    /// The value that a query parameter's text stands for; text that stands for none stays a string, and so is found
    /// wrong.
    func value(fromText text: String) -> JSONValue {
        switch self {
        case .integer: Int(text).map(JSONValue.integer) ?? .string(text)
        case .boolean: text == "true" ? .bool(true) : text == "false" ? .bool(false) : .string(text)
        case .array(let element, _):
            .array(text.split(separator: ",").map { element.value(fromText: String($0)) })
        case .nullable(let schema), .named(_, let schema): schema.value(fromText: text)
        case .string, .line, .prose, .enumeration, .pattern, .timeZone, .id, .email, .time, .number, .object, .members:
            .string(text)
        }
    }
}
