/// A field that sessions of one kind alone have: in the API, in the booking form and on the session's page. None is
/// required.
package struct DetailField: Sendable {
    package enum Form: Sendable {
        /// The first one is chosen when nothing is said.
        case choice([Choice])
        case line(longest: Int)
        case lines(longest: Int, most: Int)
    }

    package struct Choice: Sendable {
        package let value: String
        package let label: String
    }

    package let name: String
    package let label: String
    package let hint: String
    package let form: Form

    init(_ name: String, _ label: String, hint: String = "", _ form: Form) {
        self.name = name
        self.label = label
        self.hint = hint
        self.form = form
    }
}

/// What stands in such a field.
package enum DetailValue: Sendable, Hashable {
    case text(String)
    case texts([String])
}

extension DetailValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .texts(try container.decode([String].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .texts(let texts): try container.encode(texts)
        }
    }
}
