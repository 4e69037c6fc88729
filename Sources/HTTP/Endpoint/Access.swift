package import Access
package import HTTPTypes

extension Endpoint {
    /// Who may.
    package enum Access: Sendable {
        case anyone
        /// Anyone who is signed in, in whatever organization.
        case person
        /// Members with one of these roles, checked by the database in the round trip that does the work.
        case members([Role])
        /// Super admins, outside any organization.
        case platform
        /// Admins, in their organization; and super admins, who see all of them when they name none.
        case adminsOrPlatform
        /// Anyone who has a link that was given out, by the secret in its path: asked before the body is read.
        case link(opens: @Sendable (APIRequest) async throws -> Bool)
        /// Programs that sign what they send, in this header: asked about the body as it came.
        case signature(HTTPField.Name, isGenuine: @Sendable (APIRequest) async throws -> Bool)

        package static let staff = Access.members([.superAdmin, .admin, .counselor])
        package static let member = Access.members(Role.allCases)
        package static let admins = Access.members([.superAdmin, .admin])
    }
}

extension Endpoint.Access {
    package var needsSignIn: Bool {
        switch self {
        case .anyone, .link, .signature: false
        case .person, .members, .platform, .adminsOrPlatform: true
        }
    }

    /// Those who may in an organization.
    package var roles: [Role] {
        switch self {
        case .anyone, .person, .platform, .link, .signature: []
        case .members(let roles): roles
        case .adminsOrPlatform: [.superAdmin, .admin]
        }
    }

    /// Everybody for whom a role opens the door, inside an organization or outside.
    package var allRoles: [Role] { if case .platform = self { [.superAdmin] } else { roles } }

    package var isForPlatform: Bool {
        switch self {
        case .platform, .adminsOrPlatform: true
        case .anyone, .person, .members, .link, .signature: false
        }
    }
}
