/// Who can host a meeting for us: the one list of names. What is known of a provider stands in its folder below
/// `Sources/Meetings/Providers`.
package enum ProviderName: String, Codable, Sendable, CaseIterable {
    case feishu, zoom, teams
    case googleMeet = "google_meet"
    case room

    /// As people write it.
    package var label: String {
        switch self {
        case .feishu: "Feishu"
        case .zoom: "Zoom"
        case .teams: "Microsoft Teams"
        case .googleMeet: "Google Meet"
        case .room: "Convene's own room"
        }
    }
}
