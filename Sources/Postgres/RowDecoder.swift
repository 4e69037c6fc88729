/// Decodes the rows of one answer, one after the other, into one type.
final class RowDecoder: Decoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    private let answer: QueryResult
    private var row: Int32 = 0
    /// Which column each property was found in, in the order in which the first row asked. The next rows ask in the
    /// same order, so that a name is looked up once for all rows.
    private var learned: [(property: String, column: Int32)] = []
    private var position = 0
    private lazy var columns = ColumnNames(of: answer)

    init(_ answer: QueryResult) {
        self.answer = answer
    }

    func decode<Row: Decodable>(_ type: Row.Type, row: Int32) throws -> Row {
        self.row = row
        if Row.self is any SQLReadable.Type { return try value(0).decode(Row.self) }
        return try Row(from: self)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        position = 0
        return KeyedDecodingContainer(RowContainer(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try ValueDecoder(value: value(0)).unkeyedContainer()
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        ValueDecoder(value: try value(0))
    }

    var columnNames: [String] { (0..<answer.columnCount).map(answer.columnName) }

    fileprivate func value(of property: String) throws(PostgresError) -> SQLValue {
        if position < learned.count, learned[position].property == property {
            defer { position += 1 }
            return try value(learned[position].column)
        }
        guard let column = columns[property] else {
            throw .decoding(column: property, reason: "the answer has no such column")
        }
        // An optional property asks twice: whether there is a value, and for it.
        if position == learned.count {
            learned.append((property, column))
            position += 1
        }
        return try value(column)
    }

    private func value(_ column: Int32) throws(PostgresError) -> SQLValue {
        guard column < answer.columnCount else { throw .decoding(column: "", reason: "the answer has no columns") }
        return SQLValue(bytes: answer.bytes(row: row, column: column), answer: answer, column: column)
    }
}

/// The columns of an answer by the names that properties have for them.
private struct ColumnNames {
    private var exact: [String: Int32] = [:]
    private var folded: [String: Int32] = [:]

    init(of answer: QueryResult) {
        for column in (0..<answer.columnCount).reversed() {
            let name = answer.columnName(column)
            exact[name] = column
            folded[Self.fold(name)] = column
        }
    }

    subscript(property: String) -> Int32? { exact[property] ?? folded[Self.fold(property)] }

    private static func fold(_ name: String) -> String { name.replacing("_", with: "").lowercased() }
}

private struct RowContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: RowDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { decoder.columnNames.compactMap(Key.init(stringValue:)) }

    /// Always, so that a misspelled optional property is an error like any other instead of nil.
    func contains(_ key: Key) -> Bool { true }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder.value(of: key.stringValue).isNull }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder.value(of: key.stringValue).decode(Value.self)
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        let value = try decoder.value(of: key.stringValue)
        return value.isNull ? nil : try value.decode(Value.self)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw PostgresError.decoding(column: key.stringValue, reason: "a column has no properties")
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try ValueDecoder(value: decoder.value(of: key.stringValue)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder {
        ValueDecoder(value: try decoder.value(of: key.stringValue))
    }
}
