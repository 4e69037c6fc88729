import Branding
import Identity
import Mustache
import Values

/// What the head and the header of every page show.
struct PageFrame {
    /// An organization to switch to.
    struct Organization: Sendable {
        let id: String, name: String, role: String, isCurrent: Bool
    }

    let title: String
    /// Where the assets are: `{{assets}}/week/week.css`.
    let assets: String
    /// `{{#icon}}plus{{/icon}}` draws a symbol of icons.svg.
    let icon: MustacheLambda, smallIcon: MustacheLambda
    let csrf: String?
    /// Whose page it is: after signing in again, it may be somebody else's browser.
    let userId: String?
    let isSignedIn: Bool
    let lastEvent: Int?
    let userName: String?
    /// What the page's scripts name in every request.
    let organizationId: String?
    let organizationName: String?
    let role: String?
    let canBook: Bool
    /// Whether the organization's settings are among the sections of the settings.
    let isAdmin: Bool
    let logoUrl: String?
    /// The address of the organization's colors, where they are not ours.
    let colors: String?
    /// Whether there is a menu to switch with.
    let canSwitch: Bool
    let organizations: [Organization]
    let isSuperAdmin: Bool
    let settingsHref: String
    /// Whether this is a demo that shows its mails.
    let hasDemoMails: Bool

    init(title: String, assets: String, hasDemoMails: Bool, visitor: Visitor?, signedIn: SignedIn?) {
        self.title = title
        self.assets = assets
        self.hasDemoMails = hasDemoMails
        icon = Self.icon("icon", in: assets)
        smallIcon = Self.icon("icon icon-small", in: assets)
        csrf = signedIn?.formToken
        userId = signedIn?.profile.id.description
        isSignedIn = signedIn != nil
        lastEvent = visitor?.lastEvent
        userName = signedIn?.profile.name
        organizationId = visitor?.organization.id.description
        organizationName = visitor?.organization.name
        role = visitor?.role.label
        canBook = visitor?.canBook ?? false
        isAdmin = visitor?.isAdmin ?? false
        logoUrl = visitor?.branding.logo?.text
        colors = visitor.flatMap { visitor in
            visitor.branding.palette == .standard
                ? nil : BrandSheet.path(of: visitor.organization.id, version: visitor.branding.version)
        }
        organizations = Self.organizations(signedIn?.profile.memberships ?? [], current: visitor)
        canSwitch = organizations.count > 1
        isSuperAdmin = signedIn?.profile.superAdmin ?? false
        settingsHref = visitor == nil ? "/settings/security" : "/settings"
    }

    private static func icon(_ classes: String, in assets: String) -> MustacheLambda {
        MustacheLambda { (name: String) -> Any? in
            #"<svg class="\#(classes)" aria-hidden="true"><use href="\#(assets)/shared/icons.svg#\#(name)"></use></svg>"#
        }
    }

    /// The person's own, and the one that a super admin is in as a guest.
    private static func organizations(_ memberships: [Profile.Membership], current visitor: Visitor?) -> [Organization]
    {
        var choices = memberships.map {
            Organization(
                id: $0.organizationId.description, name: $0.organizationName, role: $0.role.label,
                isCurrent: $0.organizationId == visitor?.organization.id)
        }
        if let visitor, !choices.contains(where: \.isCurrent) {
            choices.insert(
                Organization(
                    id: visitor.organization.id.description, name: visitor.organization.name,
                    role: visitor.role.label, isCurrent: true), at: 0)
        }
        return choices
    }
}
