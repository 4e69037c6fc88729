import Values

/// What came of asking a provider whether it takes our credentials, in words that say what to do.
package enum AccountCheck: Sendable, Equatable {
    case ok(String)
    /// Asking again would not help.
    case refused(String)
    /// It did not answer, not clearly, or not in time.
    case unreachable(String)
}

extension AccountCheck {
    /// What a failed read says, where a provider has no better word for it.
    init(_ failure: CallFailure, at provider: String) {
        switch failure {
        case .later: self = .unreachable("\(provider) cannot answer now. Try again in a few minutes.")
        case .unknown: self = .unreachable("\(provider) gave no clear answer. Try again in a few minutes.")
        case .refused(let code, _):
            self = .refused(
                "\(provider) knows the credentials, but does not let them read meetings (\(code)). Give the app the "
                    + "permissions for meetings, and have it approved.")
        case .gone: self = .refused("\(provider) does not know what we asked for.")
        }
    }
}
