/// A statement whose values travel beside its text: each `\(value)` in the literal becomes a bound parameter and never
/// text, so that no value can be read as SQL.
///
/// `\(sql)` splices another statement's text and parameters in; `\(identifier: name)` writes a quoted identifier that
/// comes from our own code.
package struct SQL: ExpressibleByStringInterpolation, Sendable, Hashable {
    /// With `$1`, `$2`, … where the parameters belong.
    package private(set) var text: String
    package private(set) var parameters: [SQLParameter]

    package init(stringLiteral text: String) {
        self.text = text
        parameters = []
    }

    package init(stringInterpolation interpolation: StringInterpolation) {
        text = interpolation.text
        parameters = interpolation.parameters
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var parameters: [SQLParameter] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
            parameters.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            parameters.append(value.parameter)
            text += "$\(parameters.count)"
        }

        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            parameters.append(value?.parameter ?? .null)
            text += "$\(parameters.count)"
        }

        package mutating func appendInterpolation(_ value: any SQLBindable) {
            parameters.append(value.parameter)
            text += "$\(parameters.count)"
        }

        package mutating func appendInterpolation(identifier: String) {
            text += "\"" + identifier.replacing("\"", with: "\"\"") + "\""
        }

        /// The spliced statement's parameters are numbered anew.
        package mutating func appendInterpolation(_ fragment: SQL) {
            text += fragment.text.replacing(#/\$([0-9]+)/#) { match in
                "$\((Int(match.1) ?? 0) + parameters.count)"
            }
            parameters += fragment.parameters
        }
    }

    /// `fragments` with `separator` between them.
    package static func joined(_ fragments: [SQL], separator: SQL) -> SQL {
        guard let first = fragments.first else { return "" }
        return fragments.dropFirst().reduce(first) { "\($0)\(separator)\($1)" }
    }
}

/// One bound value, in PostgreSQL's text format.
package enum SQLParameter: Sendable, Hashable {
    case null
    case text(String)
}

/// A value that can stand in a statement as `\(value)`.
package protocol SQLBindable: Sendable {
    var parameter: SQLParameter { get }
}
