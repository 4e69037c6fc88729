/// A statement whose values travel beside its text: each `\(value)` in the literal becomes a bound parameter and never
/// text, so that no value can be read as SQL.
///
/// `\(sql)` splices another statement's text and parameters in; `\(identifier: name)` writes a quoted identifier that
/// comes from our own code.
package struct SQL: ExpressibleByStringInterpolation, Sendable, Hashable {
    /// The text around the parameters: always one piece more than there are parameters, so that splicing one statement
    /// into another is putting lists together.
    private var pieces: [String]
    package private(set) var parameters: [SQLParameter]

    package init(stringLiteral text: String) {
        pieces = [text]
        parameters = []
    }

    package init(stringInterpolation interpolation: StringInterpolation) {
        self = interpolation.sql
    }

    /// With `$1`, `$2`, … where the parameters belong.
    package var text: String {
        var text = pieces[0]
        text.reserveCapacity(pieces.reduce(0) { $0 + $1.utf8.count + 4 })
        for (index, piece) in pieces.dropFirst().enumerated() {
            text += "$"
            text += String(index + 1)
            text += piece
        }
        return text
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql: SQL = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.pieces.reserveCapacity(interpolationCount + 1)
            sql.parameters.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { sql.append(literal) }

        package mutating func appendInterpolation(_ value: some SQLBindable) { sql.append(value.parameter) }

        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            sql.append(value?.parameter ?? .null)
        }

        package mutating func appendInterpolation(_ value: any SQLBindable) { sql.append(value.parameter) }

        package mutating func appendInterpolation(identifier: String) {
            sql.append("\"" + identifier.replacing("\"", with: "\"\"") + "\"")
        }

        package mutating func appendInterpolation(_ fragment: SQL) { sql.append(fragment) }
    }

    /// `fragments` with `separator` between them.
    package static func joined(_ fragments: [SQL], separator: SQL) -> SQL {
        guard var joined = fragments.first else { return "" }
        for fragment in fragments.dropFirst() {
            joined.append(separator)
            joined.append(fragment)
        }
        return joined
    }

    private mutating func append(_ literal: String) { pieces[pieces.count - 1] += literal }

    private mutating func append(_ parameter: SQLParameter) {
        parameters.append(parameter)
        pieces.append("")
    }

    private mutating func append(_ fragment: SQL) {
        append(fragment.pieces[0])
        pieces += fragment.pieces.dropFirst()
        parameters += fragment.parameters
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
