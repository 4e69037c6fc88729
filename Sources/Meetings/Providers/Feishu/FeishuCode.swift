import Foundation
import Outgoing
import Values

/// Feishu's codes: what happened stands in the answer's `code`, and the HTTP status may say anything (fact sheet
/// Feishu 1, 3.6 and 4).
enum FeishuCode {
    static let tenantTokenInvalid = 99_991_663
    static let rateLimit = 99_991_400
    static let internalError = 121_001
    static let notFound = 121_004

    /// Older endpoints answer HTTP 400 with the code, newer ones 429.
    static func isRateLimit(_ answer: OutgoingResponse, code: Int?) -> Bool {
        answer.status == 429 || code == rateLimit
    }

    /// Feishu's own header; it sends no Retry-After with a rate limit.
    static func wait(in answer: OutgoingResponse) -> Duration? {
        answer.header("x-ogw-ratelimit-reset").flatMap(Duration.init(secondsToWait:))
    }
}

extension CallFailure {
    /// - Parameter code: `nil` when the body cannot be read.
    init(feishu answer: OutgoingResponse, code: Int?, message: String?) {
        let reason = code.map { Explanation.answered(answer.status, code: $0, message) } ?? .unreadable(answer.status)
        switch code {
        case _ where FeishuCode.isRateLimit(answer, code: code):
            self = .later(after: FeishuCode.wait(in: answer), reason: reason)
        case FeishuCode.notFound:
            self = .gone
        case .some(let code) where code != 0 && code != FeishuCode.internalError && answer.status < 500:
            self = .refused(code: "feishu_\(code)", reason: reason)
        default:
            self.init(
                status: answer.status, retryAfter: answer.header("Retry-After"),
                code: "feishu_http_\(answer.status)", reason: reason)
        }
    }
}

extension AccountCheck {
    init(feishu failure: CallFailure) {
        switch failure {
        case .refused(code: "provider_credentials", _):
            self = .refused(Explanation(Code.feishuAppUnknown))
        default: self.init(failure, at: .feishu)
        }
    }
}
