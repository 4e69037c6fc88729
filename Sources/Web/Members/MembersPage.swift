import Access
import Foundation
import HTTP
import Identity
import Values

/// What the list of an organization's people shows, and of those who are invited.
struct MembersPage: Sendable {
    struct Filter: Sendable {
        let search: String?
        let role: Role?
        let group: GroupID?
        let cursor: Cursor?

        init(_ query: PageQuery) {
            search = query["search"].map { String($0.prefix(100)) }
            role = query["role"].flatMap(Role.init)
            group = query["group"].flatMap { GroupID($0) }
            cursor = query.cursor
        }
    }

    struct Member: Sendable {
        let id: String, name: String, email: String, zone: String, currentRole: String, version: Int, isYou: Bool
        let roles: [Choice]
    }

    struct Invitation: Sendable {
        let id: String, email: String, roleLabel: String, invitedBy: String, expiry: String, isExpired: Bool
        /// Why its mail was given up.
        let undelivered: String?
    }

    let organization: String, search: String
    /// IANA name.
    let viewerZone: String
    let roles: [Choice], groups: [Choice], invitedRoles: [Choice]
    let hasGroups: Bool, isFiltered: Bool
    let members: [Member], hasMembers: Bool
    let nextHref: String?
    let invitations: [Invitation], hasInvitations: Bool
    /// Whether invitations go out by mail; else whoever invites passes their links on.
    let areMailed: Bool

    /// What a membership can be, from what most people are.
    private static let choices: [Role] = [.student, .mentor, .counselor, .admin]

    init(
        _ page: Page<Members.Member>, filter: Filter, groups: [Groups.Group],
        invitations open: [Invitations.Invitation], areMailed: Bool, visitor: Visitor, now: Date
    ) {
        organization = visitor.organization.id.description
        search = filter.search ?? ""
        viewerZone = visitor.profile.timeZone
        roles = Self.roles(filter.role)
        invitedRoles = Self.roles(.student)
        self.groups = groups.map {
            Choice(value: $0.id.description, label: $0.name, isChosen: $0.id == filter.group)
        }
        hasGroups = !groups.isEmpty
        isFiltered = filter.search != nil || filter.role != nil || filter.group != nil
        members = page.items.map { member in
            Member(
                id: member.userId.description, name: member.name, email: member.email,
                zone: member.timeZone.replacing("_", with: " "), currentRole: member.role.rawValue,
                version: member.version,
                isYou: member.userId == visitor.profile.id, roles: Self.roles(member.role))
        }
        hasMembers = !page.items.isEmpty
        nextHref = page.nextCursor.map {
            PageQuery.address(
                "/organization/members",
                [
                    ("search", filter.search), ("role", filter.role?.rawValue), ("group", filter.group?.description),
                    ("cursor", $0),
                ])
        }
        invitations = open.map { invitation in
            Invitation(
                id: invitation.id.description, email: invitation.email, roleLabel: invitation.role.label,
                invitedBy: invitation.invitedBy ?? "",
                expiry: Self.expiry(invitation.expiresAt.timeIntervalSince(now)), isExpired: invitation.isExpired,
                undelivered: invitation.deliveryFailure?.sentence)
        }
        hasInvitations = !open.isEmpty
        self.areMailed = areMailed
    }

    private static func roles(_ chosen: Role?) -> [Choice] {
        choices.map { Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == chosen) }
    }

    /// - Parameter seconds: how long it still lasts.
    private static func expiry(_ seconds: TimeInterval) -> String {
        func count(_ number: Int, _ unit: String) -> String { "expires in \(number) \(unit)\(number == 1 ? "" : "s")" }
        if seconds <= 0 { return "expired" }
        if seconds < 3600 { return "expires within the hour" }
        if seconds < 86_400 { return count(Int(saturating: seconds / 3600), "hour") }
        return count(Int(saturating: (seconds / 86_400).rounded()), "day")
    }
}

extension MembersPage {
    static func page(_ members: Members, groups: Groups, invitations: Invitations, clock: any WallClock) -> WebPage {
        .member(
            "/organization/members", for: .admins, title: "Members", template: "members/members"
        ) { request, visitor in
            let filter = Filter(request.query)
            async let found = members.list(
                MemberFilter(roles: filter.role.map { [$0] }, group: filter.group, text: filter.search),
                after: filter.cursor, limit: 30, as: visitor.actor)
            async let all = groups.list(after: nil, limit: 200, as: visitor.actor)
            async let open = invitations.list(after: nil, limit: 200, as: visitor.actor)
            return MembersPage(
                try await found, filter: filter, groups: try await all.items, invitations: try await open.items,
                areMailed: invitations.areMailed, visitor: visitor, now: clock.now)
        }
    }
}
