package import Values

/// Why a call to a provider came to nothing: the second half of a sentence, whose first half is what it was to do.
package enum CallReason: String, ExplanationCode {
    case brokenOff = "call_broken_off"
    /// The provider said why it did not do it.
    case answered = "call_answered"
    case answeredWithCode = "call_answered_with_code"
    case answeredWithoutReason = "call_answered_without_reason"
    case unreadable = "call_unreadable"
    case unusableMeeting = "call_unusable_meeting"
    case noToken = "call_no_token"
    case tokenRejected = "call_token_rejected"
    case unwritable = "call_unwritable"
    case noSuchMeeting = "call_no_such_meeting"
    case unsearchable = "call_unsearchable"
    case noAccount = "call_no_account"
    case credentialsUnreadable = "call_credentials_unreadable"

    package var arguments: Set<String> {
        switch self {
        case .answered: ["status", "message"]
        case .answeredWithCode: ["status", "code", "message"]
        case .answeredWithoutReason, .unreadable, .unusableMeeting: ["status"]
        case .noToken: ["reason"]
        case .unsearchable: ["provider"]
        case .brokenOff, .tokenRejected, .unwritable, .noSuchMeeting, .noAccount, .credentialsUnreadable: []
        }
    }
}

extension Explanation {
    /// - Parameter code: the provider's own, where it stands in the body.
    package static func answered(_ status: Int, code: Int? = nil, _ message: String?) -> Explanation {
        let status = Argument.number(status)
        if let code {
            return Explanation(
                CallReason.answeredWithCode,
                ["status": status, "code": .number(code), "message": .foreign(message ?? "")])
        }
        guard let message else { return Explanation(CallReason.answeredWithoutReason, ["status": status]) }
        return Explanation(CallReason.answered, ["status": status, "message": .foreign(message)])
    }

    static func unreadable(_ status: Int) -> Explanation {
        Explanation(CallReason.unreadable, ["status": .number(status)])
    }

    static func unusableMeeting(_ status: Int) -> Explanation {
        Explanation(CallReason.unusableMeeting, ["status": .number(status)])
    }

    static func noToken(_ reason: Explanation) -> Explanation {
        Explanation(CallReason.noToken, ["reason": .reason(reason)])
    }

    static let unwritable = Explanation(CallReason.unwritable)
}
