import Audit
import Access
import Foundation
import HTTP
import Hummingbird
import Identity
import Meetings
import Sessions
import Values

/// What admins see of their organization. What they change goes through the API.
extension PageRoutes {
    func generalSettings(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard visitor.isAdmin else { throw AccessError.forbidden }
        let providers = try await services.sessions.providers(as: visitor.actor)
        return try templates.reply(
            "organization", title: "Organization", visitor: visitor, GeneralPage(available: providers, visitor: visitor)
        )
    }

    func members(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard visitor.isAdmin else { throw AccessError.forbidden }
        let filter = MembersPage.Filter(PageQuery(request))
        let identity = services.identity
        async let found = identity.members.list(
            role: filter.role, group: filter.group, named: filter.search, after: filter.cursor, limit: 30,
            as: visitor.actor)
        async let groups = identity.groups.list(after: nil, limit: 200, as: visitor.actor)
        async let open = identity.invitations.list(after: nil, limit: 200, as: visitor.actor)
        return try templates.reply(
            "members", title: "Members", visitor: visitor,
            MembersPage(
                try await found, filter: filter, groups: try await groups.items, invitations: try await open.items,
                visitor: visitor, now: clock.now))
    }

    func groups(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard visitor.isAdmin else { throw AccessError.forbidden }
        let query = PageQuery(request)
        let found = try await services.identity.groups.list(after: query.cursor, limit: 50, as: visitor.actor)
        return try templates.reply("groups", title: "Groups", visitor: visitor, GroupsPage(found, visitor: visitor))
    }

    func providers(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard visitor.isAdmin else { throw AccessError.forbidden }
        let accounts = try await services.providerAccounts.list(as: visitor.actor)
        return try templates.reply(
            "providers", title: "Meeting providers", visitor: visitor, ProvidersPage(accounts, visitor: visitor))
    }

    func audit(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard visitor.isAdmin else { throw AccessError.forbidden }
        let choice = AuditPage.Choice(PageQuery(request), on: LocalTime(visitor.profile.timeZone))
        async let found = services.audit.list(choice.filter, after: choice.cursor, limit: 40, as: visitor.actor)
        async let groups = services.identity.groups.list(after: nil, limit: 200, as: visitor.actor)
        let entries = try await found.map(AuditItem.init)
        return try templates.reply(
            "audit", title: "Audit", visitor: visitor,
            AuditPage(entries, choice: choice, groups: try await groups.items, visitor: visitor))
    }

    /// For super admins, whether they are in an organization or not.
    func platform(
        _ request: Request, _ context: AppContext, _ signedIn: SignedIn, _ visitor: Visitor?
    ) async throws -> Reply {
        guard signedIn.profile.superAdmin else { throw AccessError.forbidden }
        let query = PageQuery(request)
        let found = try await services.identity.organizations.list(
            named: query["search"], after: query.cursor, limit: 30, as: signedIn.person)
        return try templates.reply(
            "platform", title: "Organizations", visitor: visitor, signedIn: signedIn,
            PlatformPage(found, search: query["search"]))
    }
}
