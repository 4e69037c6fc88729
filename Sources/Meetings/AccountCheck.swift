package import Values

/// What came of asking a provider whether it takes our credentials. The explanation says what to do.
package enum AccountCheck: Sendable, Equatable {
    case ok(Explanation)
    /// Asking again would not help.
    case refused(Explanation)
    /// It did not answer, not clearly, or not in time.
    case unreachable(Explanation)
}

extension AccountCheck {
    package enum Code: String, ExplanationCode {
        case unavailable = "account_provider_unavailable"
        case unclear = "account_answer_unclear"
        case notPermitted = "account_not_permitted"
        case unknownRequest = "account_request_unknown"
        case feishuWorks = "account_feishu_works"
        case feishuAppUnknown = "account_feishu_app_unknown"
        case zoomWorks = "account_zoom_works"
        case zoomClientUnknown = "account_zoom_client_unknown"
        case zoomAccountUnknown = "account_zoom_account_unknown"
        case zoomHostUnknown = "account_zoom_host_unknown"

        package var arguments: Set<String> {
            switch self {
            case .unavailable, .unclear, .unknownRequest: ["provider"]
            case .notPermitted: ["provider", "code"]
            case .zoomHostUnknown: ["host"]
            case .feishuWorks, .feishuAppUnknown, .zoomWorks, .zoomClientUnknown, .zoomAccountUnknown: []
            }
        }
    }

    /// What a failed read says, where a provider has no better word for it.
    init(_ failure: CallFailure, at provider: ProviderName) {
        let name = Explanation.Argument.provider(provider)
        switch failure {
        case .later: self = .unreachable(Explanation(Code.unavailable, ["provider": name]))
        case .unknown: self = .unreachable(Explanation(Code.unclear, ["provider": name]))
        case .refused(let code, _):
            self = .refused(Explanation(Code.notPermitted, ["provider": name, "code": .text(code)]))
        case .gone: self = .refused(Explanation(Code.unknownRequest, ["provider": name]))
        }
    }
}
