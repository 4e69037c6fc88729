/// Feishu's errors (fact sheet Feishu 3.6 and 4).
struct FeishuWording: FaultWording {
    let provider = SimulatedProvider.feishu

    private struct Problem: Encodable {
        let code: Int
        let msg: String
    }

    static func problem(_ status: Int, _ code: Int, _ message: String) -> WireAnswer {
        WireAnswer(status, json: Problem(code: code, msg: message))
    }

    static var badParameter: WireAnswer { problem(400, 121_003, "param error") }

    func error(status: Int) -> WireAnswer {
        Self.problem(status, status < 500 ? 121_003 : 121_001, "simulated fault")
    }

    func rateLimit(seconds: Int) -> WireAnswer { Self.rateLimit(status: 429, seconds: seconds) }
    func dailyLimit() -> WireAnswer { rateLimit(seconds: 60) }

    /// - Parameter status: 429, or 400 at older endpoints.
    static func rateLimit(status: Int, seconds: Int) -> WireAnswer {
        WireAnswer(
            status, json: Problem(code: 99_991_400, msg: "request trigger frequency limit"),
            headers: [("x-ogw-ratelimit-limit", "100"), ("x-ogw-ratelimit-reset", String(seconds))])
    }
}
