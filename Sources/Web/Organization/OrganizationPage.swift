import Access
import HTTP
import Identity
import Sessions
import Values

/// What the page of an organization itself shows.
struct OrganizationPage: Sendable {
    let organization: String, name: String, slug: String, timeZone: String, version: Int
    let providers: [Choice]
    /// Addresses that people have kept end with a slug that changes: that is for who looks after the server.
    let mayChangeSlug: Bool
    /// Who can leave; `nil` for a super admin who is here as a guest.
    let ownId: String?
    let ownName: String
    /// IANA name.
    let viewerZone: String

    /// - Parameter available: who can host meetings for this organization.
    init(available: [ProviderName], visitor: Visitor) {
        let current = visitor.organization
        organization = current.id.description
        name = current.name
        slug = current.slug
        timeZone = current.timeZone
        version = current.version
        // One that was chosen when it was still to be had stays in the list until another is chosen.
        let all = available.contains(current.defaultProvider) ? available : available + [current.defaultProvider]
        providers = all.map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == current.defaultProvider)
        }
        mayChangeSlug = visitor.profile.superAdmin
        ownId = visitor.role == .superAdmin ? nil : visitor.profile.id.description
        ownName = visitor.profile.name
        viewerZone = visitor.profile.timeZone
    }
}

extension OrganizationPage {
    static func page(_ sessions: SessionService) -> WebPage {
        .member(
            "/organization", for: .admins, title: "Organization", template: "organization/organization"
        ) { _, visitor in
            OrganizationPage(available: try await sessions.providers(as: visitor.actor), visitor: visitor)
        }
    }
}
