package import Foundation
package import Values

/// What a sealed value is for and whose it is. It is authenticated together with the value, so that what was sealed
/// for one column and one owner opens for no other.
///
/// The convention, which `convene rotate-keys` relies on: table and column by their names in the database, and as owner
/// the row's `organization_id`, or its `user_id` where the table has no `organization_id`.
package struct SecretContext: Sendable, Hashable {
    let table: String
    let column: String
    let owner: UUID

    package init(_ table: String, _ column: String, of organization: OrganizationID) {
        self.init(table, column, owner: organization.uuid)
    }

    package init(_ table: String, _ column: String, of user: UserID) {
        self.init(table, column, owner: user.uuid)
    }

    /// - Parameter owner: what the table's `organization_id` holds, or else its `user_id`.
    package init(_ table: String, _ column: String, owner: UUID) {
        self.table = table
        self.column = column
        self.owner = owner
    }

    /// Names in the database hold no line break that we give them, so no two contexts have the same bytes.
    var bytes: Data { Data("\(table)\n\(column)\n\(owner.uuidString.lowercased())".utf8) }
}
