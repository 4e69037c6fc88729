import Foundation
import Outgoing
import Values

/// Why a call to a provider came to nothing, by what may be done next. Each outcome of ``MeetingProvider`` is made
/// from it.
enum CallFailure: Error, Equatable {
    /// Surely not done, and worth another try.
    case later(after: Duration?, reason: Explanation)
    /// There is no such meeting any more.
    case gone
    /// Surely not done, and asking again would not help.
    case refused(code: String, reason: Explanation)
    /// It may have been done.
    case unknown(reason: Explanation)

    /// Of a refusal.
    var code: String? {
        if case .refused(let code, _) = self { code } else { nil }
    }

    init(_ error: OutgoingError) {
        switch error {
        case .notSent: self = .later(after: nil, reason: error.explanation)
        case .lost, .tooLarge: self = .unknown(reason: error.explanation)
        case .addressRefused: self = .refused(code: "address_refused", reason: error.explanation)
        }
    }

    /// What a status says when the provider's own code says nothing: 503 with Retry-After was not done (the value in
    /// seconds), other 5xx and 408 may have been, other 4xx were not.
    init(status: Int, retryAfter: String?, code: String, reason: Explanation) {
        switch status {
        case 503 where retryAfter != nil:
            self = .later(after: retryAfter.flatMap(Duration.init(secondsToWait:)), reason: reason)
        case 408: self = .unknown(reason: reason)
        case 400..<500: self = .refused(code: code, reason: reason)
        default: self = .unknown(reason: reason)
        }
    }
}

extension CreateOutcome {
    init(_ failure: CallFailure) {
        switch failure {
        case .later(let after, let reason): self = .later(after: after, reason: reason)
        case .gone: self = .refused(code: "meeting_gone", reason: Explanation(CallReason.noSuchMeeting))
        case .refused(let code, let reason): self = .refused(code: code, reason: reason)
        case .unknown(let reason): self = .unknown(reason: reason)
        }
    }
}

extension FindOutcome {
    init(_ failure: CallFailure) {
        switch failure {
        case .gone: self = .absent
        case .later(_, let reason), .refused(_, let reason), .unknown(let reason): self = .unknown(reason: reason)
        }
    }
}

extension ChangeOutcome {
    init(_ failure: CallFailure) {
        switch failure {
        case .later(let after, let reason): self = .later(after: after, reason: reason)
        case .gone: self = .gone
        case .refused(let code, let reason): self = .refused(code: code, reason: reason)
        case .unknown(let reason): self = .unknown(reason: reason)
        }
    }
}
