/// Why there is no meeting, in words for whoever asked for one.
package struct MeetingFailure: Codable, Sendable, Hashable {
    package let code: String
    package let detail: String
    package let requiresManualIntervention: Bool
}
