import Access
import HTTP
import Hummingbird
import Identity
import Values

/// One's own security.
extension PageRoutes {
    func security(
        _ request: Request, _ context: AppContext, _ signedIn: SignedIn, _ visitor: Visitor?
    ) async throws -> Reply {
        let identity = services.identity
        // Super admins are guests in other organizations, and a key is a member's.
        let home = visitor.flatMap { $0.role == .superAdmin ? nil : $0 }
        let keys = if let home { try await identity.keys.list(as: home.actor) } else { [AccessKeys.Key]() }
        let page = SecurityPage(
            try await identity.secondFactors.state(as: signedIn.person),
            signIns: try await identity.ownSignIns.list(as: signedIn.person), keys: keys,
            scopes: home.map { scopes($0.role) } ?? [], profile: signedIn.profile,
            organization: home?.organization.name, now: clock.now)
        return try templates.reply("security", title: "Security", visitor: visitor, signedIn: signedIn, page)
    }
}
