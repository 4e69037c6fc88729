package import Postgres

/// The database cannot answer now.
package enum DatabaseFailure: Error, Equatable {
    /// Nothing was done; asking again is safe.
    case unavailable
    /// Whether it was done is not known. A request with an `Idempotency-Key` may be sent again.
    case outcomeUnknown
}

extension PostgresError {
    /// What this means to the caller, where it means something to them.
    package var explanation: (any Error)? {
        switch self {
        case .unavailable: DatabaseFailure.unavailable
        case .outcomeUnknown: DatabaseFailure.outcomeUnknown
        // The server has rolled it back.
        case .server where isPassing: DatabaseFailure.unavailable
        // Its key was retired between the sealing and the writing; sealed again it is taken.
        case .server(let error) where error.constraint == "sealed_with_a_key_in_use": DatabaseFailure.unavailable
        case .server, .decoding:
            switch refusal?.code {
            case "signed_out": AccessError.signedOut
            case "second_factor_required": AccessError.secondFactorRequired
            case "not_a_member": AccessError.notAMember
            case "organization_required": AccessError.organizationRequired
            case "forbidden": AccessError.forbidden
            // It was done before, and nothing was done now.
            case "idempotency_replay": DatabaseFailure.unavailable
            default: nil
            }
        }
    }
}
