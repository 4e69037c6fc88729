import Foundation
import Values

/// Zoom's errors (fact sheet Zoom 3.3 and 3.4).
struct ZoomErrors: FaultWording {
    let provider = ProviderName.zoom
    let clock: any WallClock

    private struct Problem: Encodable {
        struct Field: Encodable {
            let field: String
            let message: String
        }

        let code: Int
        let message: String
        var errors: [Field]?
    }

    static func problem(_ status: Int, _ code: Int, _ message: String) -> SimulatedResponse {
        SimulatedResponse(status, json: Problem(code: code, message: message))
    }

    static func invalid(_ field: String) -> SimulatedResponse {
        let fields = [Problem.Field(field: field, message: "Invalid field.")]
        return SimulatedResponse(400, json: Problem(code: 300, message: "Validation Failed.", errors: fields))
    }

    func error(status: Int) -> SimulatedResponse {
        Self.problem(status, status, "Simulated fault.")
    }

    func rateLimit(of operation: SimulatedOperation, seconds: Int) -> SimulatedResponse {
        let text = "You have reached the maximum per-second rate limit for this API. Try again later."
        return SimulatedResponse(
            429, json: Problem(code: 429, message: text),
            headers: [
                ("X-RateLimit-Category", "Medium"), ("X-RateLimit-Type", "QPS"), ("X-RateLimit-Limit", "60"),
                ("X-RateLimit-Remaining", "0"), ("Retry-After", String(seconds)),
            ])
    }

    func dailyLimit() -> SimulatedResponse { Self.dailyLimit(at: clock.now) }

    /// Names the next midnight in UTC, when the day's count starts anew.
    static func dailyLimit(at now: Date) -> SimulatedResponse {
        let midnight = Date(timeIntervalSince1970: ((now.timeIntervalSince1970 / 86_400).rounded(.down) + 1) * 86_400)
        let text = "You have reached the maximum daily rate limit for this API. Check the headers for when to retry."
        return SimulatedResponse(
            429, json: Problem(code: 429, message: text),
            headers: [
                ("X-RateLimit-Category", "Medium"), ("X-RateLimit-Type", "Daily-limit"),
                ("X-RateLimit-Limit", "100"), ("X-RateLimit-Remaining", "0"),
                ("Retry-After", midnight.formatted(Date.ISO8601FormatStyle())),
            ])
    }
}
