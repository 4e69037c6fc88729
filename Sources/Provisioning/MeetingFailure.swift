package import Values

/// Why there is no meeting.
package struct MeetingFailure: Codable, Sendable, Hashable {
    /// For programs; the provider's own where it refused.
    package let code: String
    /// For whoever asked for the meeting.
    package let reason: Explanation
    package let requiresManualIntervention: Bool
}

/// Why a host got no meeting, or why a person has to look at one.
package enum MeetingReason: String, ExplanationCode {
    case timeout = "provider_timeout"
    case refused = "meeting_refused"
    case answerLost = "provider_answer_lost"
    case notRecorded = "meeting_not_recorded"
    case notGiven = "meeting_not_given"

    // Cases for a person.
    case unnamed = "answer_lost"
    case cancelFailed = "cancel_failed"
    case left = "stray_left"
    case gone = "meeting_gone"
    case setAside = "set_aside"
    case unworkable = "cannot_set_aside"

    // In place of what the provider would have said.
    case serverStopped = "server_stopped"

    package var arguments: Set<String> {
        switch self {
        case .timeout: ["provider", "minutes"]
        case .refused, .answerLost, .unnamed, .cancelFailed, .left: ["provider", "reason"]
        case .notRecorded, .notGiven, .gone, .setAside: ["provider"]
        case .unworkable, .serverStopped: []
        }
    }
}

extension Explanation {
    static func meeting(
        _ reason: MeetingReason, at provider: ProviderName, _ more: [String: Argument] = [:]
    ) -> Explanation {
        Explanation(reason, more.merging(["provider": .provider(provider)]) { $1 })
    }

    static let serverStopped = Explanation(MeetingReason.serverStopped)
}
