import Access
import Branding
import HTTP
import Identity
import Values

/// Who looks at a page, whatever organization they are in, if any.
struct SignedIn: Sendable {
    let profile: Profile
    let person: Person
    let formToken: String
}

/// Who looks at a page, and in which organization.
struct Visitor: Sendable {
    let signedIn: SignedIn
    let organization: Organizations.Organization
    let branding: Brand
    let role: Role
    let actor: Actor
    /// The newest event before the page was read: its script listens from there on, and misses none in between.
    let lastEvent: Int

    var profile: Profile { signedIn.profile }
    var formToken: String { signedIn.formToken }
    var canBook: Bool { BookPage.access.roles.contains(role) }
    var isAdmin: Bool { Endpoint.Access.admins.roles.contains(role) }

    /// What the sessions of "my week" have in common: those of the whole organization for its admins.
    var part: Role? {
        switch role {
        case .superAdmin, .admin: nil
        case .counselor, .mentor, .student: role
        }
    }
}
