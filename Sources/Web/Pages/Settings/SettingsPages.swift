import Access
import HTTP
import Hummingbird
import Identity
import Sessions

/// The settings: one's own, and for admins those of their organization.
extension PageRoutes {
    func settings(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        let preferences = try await services.identity.preferences.preferences(of: visitor.actor.person)
        let providers = try await services.sessions.providers(as: visitor.actor)
        return try templates.reply(
            "settings", title: "Profile", visitor: visitor,
            SettingsPage(preferences, available: providers, visitor: visitor))
    }

    func branding(_ request: Request, _ context: AppContext, _ visitor: Visitor) async throws -> Reply {
        guard visitor.isAdmin else { throw AccessError.forbidden }
        // The logo is shown as its address is typed, wherever that is.
        return try templates.reply(
            "branding", title: "Branding", visitor: visitor, BrandingPage(visitor.branding, visitor: visitor),
            images: .anywhere)
    }
}
