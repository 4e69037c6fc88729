import Foundation
import Outgoing
import Values

extension CallFailure {
    /// Reads a refusal of Zoom's meeting API (fact sheet Zoom 3.3 and 3.4).
    init(zoom answer: OutgoingResponse) {
        let refusal = try? JSONDecoder.snakeCase.decode(ZoomRefusal.self, fromForeign: answer.body)
        let reason = Explanation.answered(answer.status, refusal?.message)
        let retryAfter = answer.header("Retry-After")

        switch (answer.status, refusal?.code) {
        case (429, _) where Self.isDailyLimit(answer):
            self = .refused(code: "provider_daily_limit", reason: reason)
        case (429, _):
            self = .later(after: retryAfter.flatMap(Duration.init(secondsToWait:)), reason: reason)
        // Zoom's pages disagree on the status that goes with this code.
        case (400..<500, 3001):
            self = .gone
        case (let status, let code):
            let code = code.map { "zoom_\($0)" } ?? "zoom_http_\(status)"
            self.init(status: status, retryAfter: retryAfter, code: code, reason: reason)
        }
    }

    /// A daily limit gives the time of its end, where other answers give seconds.
    private static func isDailyLimit(_ answer: OutgoingResponse) -> Bool {
        if answer.header("X-RateLimit-Type")?.lowercased().hasPrefix("daily") == true { return true }
        guard let retryAfter = answer.header("Retry-After") else { return false }
        return retryAfter.contains("T")
    }
}

extension AccountCheck {
    init(zoom failure: CallFailure, host: String?) {
        switch failure {
        case .refused(code: "provider_credentials", let reason)
        where reason.arguments["message"]?.text?.contains("client") == true:
            self = .refused(Explanation(Code.zoomClientUnknown))
        case .refused(code: "provider_credentials", _): self = .refused(Explanation(Code.zoomAccountUnknown))
        case .refused(code: ZoomRefusal.noSuchUser, _):
            self = .refused(Explanation(Code.zoomHostUnknown, ["host": .foreign(host ?? "")]))
        default: self.init(failure, at: .zoom)
        }
    }
}
