import Values

/// Feishu's errors (fact sheet Feishu 3.6 and 4).
struct FeishuErrors: FaultWording {
    let provider = ProviderName.feishu

    private struct Problem: Encodable {
        let code: Int
        let msg: String
    }

    static func problem(_ status: Int, _ code: Int, _ message: String) -> SimulatedResponse {
        SimulatedResponse(status, json: Problem(code: code, msg: message))
    }

    static var badParameter: SimulatedResponse { problem(400, 121_003, "param error") }

    func error(status: Int) -> SimulatedResponse {
        Self.problem(status, status < 500 ? 121_003 : 121_001, "simulated fault")
    }

    /// Feishu knows no limit by the day.
    func dailyLimit() -> SimulatedResponse { rateLimit(of: .any, seconds: 60) }

    /// 429, but 400 where an older endpoint is asked; here that is the one for tokens.
    func rateLimit(of operation: SimulatedOperation, seconds: Int) -> SimulatedResponse {
        SimulatedResponse(
            operation == .token ? 400 : 429, json: Problem(code: 99_991_400, msg: "request trigger frequency limit"),
            headers: [("x-ogw-ratelimit-limit", "100"), ("x-ogw-ratelimit-reset", String(seconds))])
    }
}
