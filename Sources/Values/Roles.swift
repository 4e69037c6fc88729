/// What a person is in an organization. `superAdmin` is the platform's and is no membership.
package enum Role: String, Codable, Sendable, CaseIterable {
    case superAdmin = "super_admin"
    case admin, counselor, mentor, student
}

/// Who can host a meeting for us.
package enum ProviderName: String, Codable, Sendable, CaseIterable {
    case feishu, zoom, teams
    case googleMeet = "google_meet"
    case room
}
