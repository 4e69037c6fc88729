package import Foundation
package import Values

extension String: SQLBindable {
    package var parameter: SQLParameter { .text(self) }
}

extension Bool: SQLBindable {
    package var parameter: SQLParameter { .text(self ? "t" : "f") }
}

extension Int: SQLBindable {
    package var parameter: SQLParameter { .text(String(self)) }
}

extension Int32: SQLBindable {
    package var parameter: SQLParameter { .text(String(self)) }
}

extension Int64: SQLBindable {
    package var parameter: SQLParameter { .text(String(self)) }
}

/// No column of ours means anything by infinity or by what is no number, so PostgreSQL gets what it refuses (22P02).
extension Double: SQLBindable {
    package var parameter: SQLParameter { .text(isFinite ? String(self) : "no finite number") }
}

extension Decimal: SQLBindable {
    package var parameter: SQLParameter { .text(isFinite ? description : "no finite number") }
}

extension UUID: SQLBindable {
    package var parameter: SQLParameter { .text(uuidString) }
}

extension ID: SQLBindable {
    package var parameter: SQLParameter { uuid.parameter }
}

/// As `bytea`.
extension Data: SQLBindable {
    package var parameter: SQLParameter { .text("\\x" + hex) }
}

/// As `timestamptz`, to the microsecond. PostgreSQL refuses the statement (22007) for a time outside the years 1 to 9999.
extension Date: SQLBindable {
    package var parameter: SQLParameter { .text(PostgresTime.text(from: self)) }
}

/// As `interval`.
extension Duration: SQLBindable {
    package var parameter: SQLParameter {
        .text("\(components.seconds) seconds \(components.attoseconds / 1_000_000_000_000) microseconds")
    }
}

/// As `tstzrange`, half open.
extension TimeRange: SQLBindable {
    package var parameter: SQLParameter {
        .text("[\(PostgresTime.text(from: start)),\(PostgresTime.text(from: end)))")
    }
}

/// A string enumeration is bound as its raw value; conform with an empty extension.
extension SQLBindable where Self: RawRepresentable, RawValue == String {
    package var parameter: SQLParameter { .text(rawValue) }
}

extension ProviderName: SQLBindable {}

/// As an array of the element's type: `{…}` with every element quoted.
extension Array: SQLBindable where Element: SQLBindable {
    package var parameter: SQLParameter {
        var text = "{"
        for element in self {
            if text.utf8.count > 1 { text += "," }
            switch element.parameter {
            case .null: text += "NULL"
            case .text(let value):
                text += "\""
                // Character by character only where it must be: most elements are ids.
                if value.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
                    text += value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                } else {
                    text += value
                }
                text += "\""
            }
        }
        return .text(text + "}")
    }
}

/// Any `Encodable` as `jsonb`, in the wire's own form (RFC 3339 times).
package struct JSON<Value: Encodable & Sendable>: SQLBindable {
    package let value: Value

    package init(_ value: Value) {
        self.value = value
    }

    package var parameter: SQLParameter {
        // What cannot be encoded is a mistake of ours; as NULL it meets the column's NOT NULL rather than a trap.
        guard let data = try? JSONEncoder.convene.encode(value) else { return .null }
        return .text(String(decoding: data, as: UTF8.self))
    }
}
