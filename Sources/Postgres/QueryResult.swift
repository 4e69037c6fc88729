import CLibpq

/// Owns one PGresult.
///
/// `@unchecked`: the pointer is set once, everything done with it here only reads, and libpq's manual (34.20) says
/// that a result which nobody changes may be used from several threads.
final class QueryResult: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQclear(pointer)
    }

    var status: ExecStatusType { PQresultStatus(pointer) }
    var rowCount: Int32 { PQntuples(pointer) }
    var columnCount: Int32 { PQnfields(pointer) }

    /// What the command tag counts: rows touched, or returned by SELECT.
    var touched: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    func columnName(_ column: Int32) -> String { PQfname(pointer, column).map { String(cString: $0) } ?? "" }
    func columnType(_ column: Int32) -> Oid { PQftype(pointer, column) }

    /// `nil` is NULL. The bytes live as long as the answer.
    func bytes(row: Int32, column: Int32) -> UnsafeBufferPointer<UInt8>? {
        guard PQgetisnull(pointer, row, column) == 0, let value = PQgetvalue(pointer, row, column) else { return nil }
        let count = Int(PQgetlength(pointer, row, column))
        return UnsafeRawBufferPointer(start: value, count: count).assumingMemoryBound(to: UInt8.self)
    }

    /// `nil` when the answer is no error. FATAL and PANIC mean that the server closes the connection.
    var error: (error: ServerError, closesConnection: Bool)? {
        func field(_ code: Character) -> String? {
            guard let ascii = code.asciiValue else { return nil }
            return PQresultErrorField(pointer, Int32(ascii)).map { String(cString: $0) }
        }
        guard status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE else { return nil }
        let error = ServerError(
            state: SQLState(rawValue: field("C") ?? ""), message: field("M") ?? "no message", detail: field("D"),
            constraint: field("n"), table: field("t"))
        return (error, field("V") != "ERROR")
    }
}
