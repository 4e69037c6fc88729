package import Values

/// Why there is no answer. What matters to the caller is whether the other side may have acted.
///
/// The reasons are libcurl's fixed texts: no URL, header or body gets into them, so no secret does.
package enum OutgoingError: Error, Equatable {
    /// No byte of the request left: name not found, connection refused, time-out while connecting, TLS failure.
    case notSent(reason: String)
    /// The request left, wholly or in part, and no whole answer came back: it may have been carried out.
    case lost(reason: String)
    /// The answer was longer than allowed; the request was carried out.
    case tooLarge
    /// The name leads to an address that this client may not reach. Nothing was sent.
    case addressRefused
}

extension OutgoingError: Explained {
    package enum Code: String, ExplanationCode {
        case notSent = "call_not_sent"
        case lost = "call_answer_lost"
        case tooLarge = "call_answer_too_large"
        case addressRefused = "call_address_refused"

        package var arguments: Set<String> {
            switch self {
            case .notSent, .lost: ["error"]
            case .tooLarge, .addressRefused: []
            }
        }
    }

    package var explanation: Explanation {
        switch self {
        case .notSent(let reason): Explanation(Code.notSent, ["error": .foreign(reason)])
        case .lost(let reason): Explanation(Code.lost, ["error": .foreign(reason)])
        case .tooLarge: Explanation(Code.tooLarge)
        case .addressRefused: Explanation(Code.addressRefused)
        }
    }
}
