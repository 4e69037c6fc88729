import HTTP
import Identity
import Values

/// What the list of an organization's groups shows.
struct GroupsPage: Sendable {
    struct Group: Sendable {
        let id: String, name: String, version: Int, size: String, membersHref: String
    }

    let organization: String
    let groups: [Group], hasGroups: Bool
    let nextHref: String?

    init(_ page: Page<Groups.Group>, visitor: Visitor) {
        organization = visitor.organization.id.description
        groups = page.items.map { group in
            Group(
                id: group.id.description, name: group.name, version: group.version,
                size: group.memberCount == 1 ? "1 person" : "\(group.memberCount) people",
                membersHref: PageQuery.address("/organization/members", [("group", group.id.description)]))
        }
        hasGroups = !page.items.isEmpty
        nextHref = page.nextCursor.map { PageQuery.address("/organization/groups", [("cursor", $0)]) }
    }
}

extension GroupsPage {
    static func page(_ groups: Groups) -> WebPage {
        .member("/organization/groups", for: .admins, title: "Groups", template: "groups/groups") { request, visitor in
            let found = try await groups.list(after: request.query.cursor, limit: 50, as: visitor.actor)
            return GroupsPage(found, visitor: visitor)
        }
    }
}
