/// Why a statement has no result.
///
/// Neither the description nor any case holds parameters: what people typed stays out of logs.
package enum PostgresError: Error, Sendable, Equatable {
    /// The server answered with an error; the transaction is rolled back.
    case server(ServerError)
    /// No connection was to be had in time, or none could be made: nothing was sent. Asking again later is safe.
    case unavailable(reason: String)
    /// The connection broke, or the wait ended, after the statement was sent. Whether it took effect is not known
    /// (measured: an error after a kill is not a "no"), so only what can be repeated without harm may be repeated.
    case outcomeUnknown(reason: String)
    /// A value in the answer was not what the row type wanted.
    case decoding(column: String, reason: String)
}

package struct ServerError: Error, Sendable, Equatable {
    package let state: SQLState
    package let message: String
    /// As ``refuse`` and constraints give it; may name values, so it is not logged.
    package let detail: String?
    package let constraint: String?
    package let table: String?

    package init(state: SQLState, message: String, detail: String?, constraint: String?, table: String?) {
        self.state = state
        self.message = message
        self.detail = detail
        self.constraint = constraint
        self.table = table
    }
}

/// The five characters of a SQLSTATE (PostgreSQL manual, appendix A).
package struct SQLState: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let uniqueViolation = SQLState(rawValue: "23505")
    package static let foreignKeyViolation = SQLState(rawValue: "23503")
    package static let serializationFailure = SQLState(rawValue: "40001")
    package static let deadlockDetected = SQLState(rawValue: "40P01")
    package static let lockNotAvailable = SQLState(rawValue: "55P03")
    package static let queryCanceled = SQLState(rawValue: "57014")
    /// Among others, for a time zone that the server does not know.
    package static let invalidParameterValue = SQLState(rawValue: "22023")
    /// Of a server that follows another, as after a failover, or was told to change nothing for now.
    static let readOnlyTransaction = SQLState(rawValue: "25006")

    /// What was asked may be right; the server was too busy with others, short of something, in trouble of its own, or
    /// on its way down.
    var isPassing: Bool {
        switch rawValue.prefix(2) {
        // Connections, resources, operators, the system below (such as a disk that cannot be read), and PostgreSQL's
        // own faults: none of them is about what was asked.
        case "08", "53", "57", "58", "XX": true
        // Rolled back for another's sake; but for 40002, a constraint that said no.
        case "40": rawValue != "40002"
        // Read only, and transactions that were open for too long.
        case "25": ["25006", "25P03", "25P04"].contains(rawValue)
        case "55": ["55P03", "55006"].contains(rawValue)
        default: rawValue == "72000"
        }
    }

    /// The system below PostgreSQL, such as a disk that is full or broken, or PostgreSQL itself is at fault.
    var isTrouble: Bool { ["53", "58", "XX"].contains(rawValue.prefix(2)) }

    /// Class 23: a constraint said no.
    package var isConstraintViolation: Bool { rawValue.hasPrefix("23") }

    /// Raised by our SQL function `refuse(code, detail)`: a rule of the product said no. The message is the code.
    package static let refused = SQLState(rawValue: "CV001")
}

extension PostgresError {
    /// The code and the JSON detail that `refuse(code, detail)` raised, if that is what happened.
    package var refusal: (code: String, detail: String?)? {
        guard case .server(let error) = self, error.state == .refused else { return nil }
        return (error.message, error.detail)
    }
}

extension PostgresError {
    /// Nothing was wrong with what was asked: the server could not be reached, broke off, or was too busy.
    package var isPassing: Bool {
        switch self {
        case .unavailable, .outcomeUnknown: true
        case .server(let error): error.state.isPassing
        case .decoding: false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .server(let error): "\(error)"
        case .unavailable(let reason): "the database is unavailable: \(reason)"
        case .outcomeUnknown(let reason): "the statement's outcome is unknown: \(reason)"
        case .decoding(let column, let reason): "column '\(column)' could not be read: \(reason)"
        }
    }
}

/// Without the detail, and without the message where the server may quote a value in it.
extension ServerError: CustomStringConvertible {
    package var description: String {
        // Class 22, data exceptions: `invalid input syntax for type integer: "…"`.
        let text = state.rawValue.hasPrefix("22") ? "a value is not of its type" : message
        let place = [table.map { "table \($0)" }, constraint.map { "constraint \($0)" }].compactMap(\.self)
        return "\(state.rawValue) \(text)" + (place.isEmpty ? "" : " (\(place.joined(separator: ", ")))")
    }
}
