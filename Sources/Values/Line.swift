/// One line with something in it, by the rules of ``PlainText``.
package struct Line: Sendable, Hashable {
    package let text: String

    package init(_ text: String) throws(TextFlaw) {
        let line = try PlainText.line(text)
        guard PlainText.isVisible(line) else { throw .blank }
        self.text = line
    }
}

/// Any number of lines, by the rules of ``PlainText``.
package struct Prose: Sendable, Hashable {
    package let text: String

    package init(_ text: String) throws(TextFlaw) { self.text = try PlainText.prose(text) }
}

extension Line: Codable {
    package init(from decoder: any Decoder) throws {
        self = try decoder.singleValueContainer().read(Line.init)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Prose: Codable {
    package init(from decoder: any Decoder) throws {
        self = try decoder.singleValueContainer().read(Prose.init)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension SingleValueDecodingContainer {
    fileprivate func read<Value>(_ make: (String) throws(TextFlaw) -> Value) throws -> Value {
        let text = try decode(String.self)
        do throws(TextFlaw) {
            return try make(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: self, debugDescription: "no text that is taken: \(error)")
        }
    }
}
