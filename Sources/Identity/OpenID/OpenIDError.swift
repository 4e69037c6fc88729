/// Why somebody did not get in by an issuer, or did not get linked with one.
///
/// The cases are for the log: they hold no token, code or state. What the person is told is ``advice``.
package enum OpenIDError: Error, Equatable {
    /// The issuer could not be reached, or what it publishes cannot be used.
    case unavailable(String)
    /// There is no such flow: made up, used already, too old, begun in another browser or for another issuer.
    case noSuchFlow
    /// The answer names another issuer, or none though this one always says its name (RFC 9207).
    case answerOfAnotherIssuer
    /// The issuer says no. Its code, if that is one; `access_denied` when the person did not want to.
    case refusedThere(String)
    /// The issuer did not give a token for the code.
    case noToken(String)
    case badToken(IDTokenFlaw)
    /// Nobody here is linked with that account.
    case notLinked
    /// Somebody else here is linked with that account.
    case linkedWithAnother
    /// Whoever wanted to be linked has signed out since, or somebody else has signed in.
    case notTheSamePerson
    /// There is no such invitation, or it is not for them, or none can be accepted this way.
    case notInvited

    static let brokenOff = OpenIDError.unavailable("the call was broken off")

    package var advice: OpenIDAdvice {
        switch self {
        case .unavailable: .unavailable
        case .noSuchFlow, .notTheSamePerson: .expired
        case .refusedThere("access_denied"): .cancelled
        case .refusedThere, .answerOfAnotherIssuer, .noToken, .badToken: .refused
        case .notLinked: .notLinked
        case .linkedWithAnother: .linkedElsewhere
        case .notInvited: .notInvited
        }
    }
}

/// For the log.
extension OpenIDError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let reason): "unavailable: \(reason)"
        case .noSuchFlow: "no such flow"
        case .answerOfAnotherIssuer: "answer of another issuer"
        case .refusedThere(let code): "refused there: \(code)"
        case .noToken(let reason): "no token: \(reason)"
        case .badToken(let flaw): "bad token: \(flaw.rawValue)"
        case .notLinked: "not linked"
        case .linkedWithAnother: "linked with another"
        case .notTheSamePerson: "not the same person"
        case .notInvited: "not invited"
        }
    }
}

/// What the person can be told, by a code that stands in the address of the page that says it.
package enum OpenIDAdvice: String, Sendable, CaseIterable {
    case unavailable = "openid_unavailable"
    case expired = "openid_expired"
    case cancelled = "openid_cancelled"
    case refused = "openid_refused"
    case notLinked = "openid_not_linked"
    case linkedElsewhere = "openid_linked_elsewhere"
    case notInvited = "openid_not_invited"
}

/// What is wrong with an ID token.
package enum IDTokenFlaw: String, Error, Sendable {
    case malformed, algorithm, key, signature, issuer, audience, party, expired, issuedAt, notYet, nonce, subject
}
