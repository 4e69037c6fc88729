/// What one statement gave.
package struct SQLResult: Sendable {
    private let answer: QueryResult

    init(_ answer: QueryResult) {
        self.answer = answer
    }

    /// Rows touched by INSERT, UPDATE or DELETE, or returned by SELECT.
    package var count: Int { answer.touched }

    /// Column names in snake_case become property names in camelCase, whatever the case of an acronym
    /// (`meeting_url` is `meetingURL`). Every property needs its column. A type that is one value (`UUID`, an
    /// enumeration, an array) is read from the first column.
    /// - Throws: ``PostgresError/decoding(column:reason:)``.
    package func rows<Row: Decodable>(as type: Row.Type = Row.self) throws(PostgresError) -> [Row] {
        try decoded(answer.rowCount)
    }

    /// The first row, if there is one.
    package func row<Row: Decodable>(as type: Row.Type = Row.self) throws(PostgresError) -> Row? {
        let rows: [Row] = try decoded(min(answer.rowCount, 1))
        return rows.first
    }

    private func decoded<Row: Decodable>(_ count: Int32) throws(PostgresError) -> [Row] {
        let decoder = RowDecoder(answer)
        do {
            return try (0..<count).map { try decoder.decode(Row.self, row: $0) }
        } catch let error as PostgresError {
            throw error
        } catch let error as DecodingError {
            throw .decoding(column: error.path, reason: error.kind)
        } catch {
            throw .decoding(column: "", reason: "the row type refused the row")
        }
    }
}

extension DecodingError {
    /// Says nothing about the value.
    var kind: String {
        switch self {
        case .typeMismatch(let type, _): "not a \(type)"
        case .valueNotFound(let type, _): "nothing where a \(type) was wanted"
        case .keyNotFound(let key, _): "no \(key.stringValue)"
        case .dataCorrupted: "not in the form that was wanted"
        @unknown default: "not readable"
        }
    }

    var path: String {
        let context: Context? =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        return (context?.codingPath ?? []).map(\.stringValue).joined(separator: ".")
    }
}
