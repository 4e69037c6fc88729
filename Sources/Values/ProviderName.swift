/// Who can host a meeting for us.
package enum ProviderName: String, Codable, Sendable, CaseIterable {
    case feishu, zoom, teams
    case googleMeet = "google_meet"
    case room
}
