import Postgres

/// What a person is in an organization. `superAdmin` is the platform's and is no membership.
package enum Role: String, Codable, Sendable, CaseIterable {
    case superAdmin = "super_admin"
    case admin, counselor, mentor, student
}

extension Role: SQLBindable {}
