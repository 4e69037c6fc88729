import Foundation
import Values

/// One value of an answer, or one element of an array in it.
struct SQLValue {
    /// `nil` is NULL. Valid while the answer lives.
    let bytes: UnsafeBufferPointer<UInt8>?
    let answer: QueryResult
    let column: Int32

    var isNull: Bool { bytes == nil }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let isJSON = isJSON
        if let readable = Value.self as? any SQLReadable.Type,
            !isJSON || Value.self == String.self || Value.self == Data.self
        {
            guard let bytes else { throw error("NULL where a value was wanted") }
            // A json column read as Data is the document itself.
            if isJSON, let data = Data(bytes) as? Value { return data }
            return try read(readable, as: Value.self, from: bytes)
        }
        if isJSON, let bytes {
            do {
                return try JSONDecoder.convene.decode(Value.self, from: Data(bytes))
            } catch let misfit as DecodingError {
                throw error("JSON does not fit at '\(misfit.path)': \(misfit.kind)")
            }
        }
        return try Value(from: ValueDecoder(value: self))
    }

    private func read<Readable: SQLReadable, Value>(
        _ readable: Readable.Type, as type: Value.Type, from bytes: UnsafeBufferPointer<UInt8>
    ) throws(PostgresError) -> Value {
        guard let value = Readable(sql: bytes) as? Value else { throw error("not a \(Value.self)") }
        return value
    }

    private var isJSON: Bool {
        let type = answer.columnType(column)
        return type == 114 || type == 3802  // json, jsonb
    }

    func error(_ reason: String) -> PostgresError {
        .decoding(column: answer.columnName(column), reason: reason)
    }
}

/// Lets a type decode itself from one value: enumerations, optionals, arrays.
struct ValueDecoder: Decoder, SingleValueDecodingContainer {
    let value: SQLValue
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
    func decodeNil() -> Bool { value.isNull }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value.decode(Value.self) }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let bytes = value.bytes else { throw value.error("NULL where an array was wanted") }
        guard let elements = ArrayText.elements(of: bytes) else { throw value.error("not an array of one dimension") }
        return ArrayContainer(elements: elements, array: value)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw value.error("not JSON, which a type with properties is read from")
    }
}

private struct ArrayContainer: UnkeyedDecodingContainer {
    let elements: [[UInt8]?]
    let array: SQLValue
    private(set) var currentIndex = 0

    init(elements: [[UInt8]?], array: SQLValue) {
        self.elements = elements
        self.array = array
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex] == nil else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard !isAtEnd else { throw array.error("fewer elements than wanted") }
        defer { currentIndex += 1 }
        guard let element = elements[currentIndex] else {
            return try SQLValue(bytes: nil, answer: array.answer, column: array.column).decode(Value.self)
        }
        return try element.withUnsafeBufferPointer { bytes in
            try SQLValue(bytes: bytes, answer: array.answer, column: array.column).decode(Value.self)
        }
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw array.error("an element has no properties")
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw array.error("not an array of one dimension")
    }

    mutating func superDecoder() throws -> any Decoder { throw array.error("an element has no properties") }
}

/// PostgreSQL's text form of an array: `{a,"b \"c\"",NULL}`.
enum ArrayText {
    /// `nil` for arrays of more than one dimension or with bounds of their own.
    static func elements(of text: UnsafeBufferPointer<UInt8>) -> [[UInt8]?]? {
        let (open, close, comma) = (UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ","))
        let (quote, escape) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        guard text.count >= 2, text.first == open, text.last == close else { return nil }
        let inside = text[1..<(text.count - 1)]
        if inside.isEmpty { return [] }
        var elements: [[UInt8]?] = []
        var element: [UInt8] = []
        var (isQuoted, wasQuoted, isEscaped) = (false, false, false)
        func finish() {
            elements.append(!wasQuoted && element.elementsEqual("NULL".utf8) ? nil : element)
            (element, wasQuoted) = ([], false)
        }
        for byte in inside {
            if isEscaped {
                element.append(byte)
                isEscaped = false
            } else if byte == escape {
                isEscaped = true
            } else if byte == quote {
                isQuoted.toggle()
                wasQuoted = true
            } else if isQuoted {
                element.append(byte)
            } else if byte == comma {
                finish()
            } else if byte == open {
                return nil
            } else {
                element.append(byte)
            }
        }
        finish()
        return elements
    }
}
