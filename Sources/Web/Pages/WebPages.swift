import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Every page of the web app and every form that a page sends, in one list. Pages read what the API reads, and what they
/// change goes through the API, but for signing in and out, which work before any script does.
struct WebPages: Sendable {
    let services: WebServer.Services
    let viewers: Viewers
    let templates: PageTemplates
    let assets: Assets
    let clock: any WallClock
    let demo: DemoOffer?
    /// Of a demo that sends none, the newest first.
    let demoMails: (@Sendable () -> [DemoMail])?
    /// What keys can be for, by the role of the one who makes them.
    let scopes: @Sendable (Role) -> [String]

    var formTokens: FormTokens { FormTokens(viewers: viewers, templates: templates) }

    var all: [WebPage] {
        assets.pages + BrandSheet(branding: services.branding).pages + formTokens.pages + signingIn + inAnOrganization
            + (demoMails.map { DemoMailRoutes(mails: $0, templates: templates).pages } ?? [])
    }

    private var signingIn: [WebPage] {
        let (identity, issuers) = (services.identity, services.openID.issuers)
        return SignInForm(
            service: identity.signIn, links: identity.links, issuers: issuers, canSignUp: identity.joining.canSignUp,
            demo: demo, viewers: viewers, formTokens: formTokens, templates: templates
        ).pages
            + SignInLinkForm(links: identity.links, viewers: viewers, templates: templates).pages
            + SignInCodeForm(service: identity.signIn, viewers: viewers, templates: templates).pages
            + SignUpForm(joining: identity.joining, demo: demo, templates: templates).pages
            + InvitationForms(
                joining: identity.joining, issuers: issuers, viewers: viewers, formTokens: formTokens,
                templates: templates
            ).pages
            + SetUpForm(setUp: identity.setUp, viewers: viewers, templates: templates).pages
            + OrganizationSwitch(viewers: viewers).pages
    }

    private var inAnOrganization: [WebPage] {
        let identity = services.identity
        return [
            .open(.get, "/") { _ in .redirect(to: "/week") },
            WeekPage.page(services.sessions, clock: clock),
            BookPage.page(services.sessions, preferences: identity.preferences, members: identity.members),
            SessionsPage.page(services.sessions, clock: clock),
            SessionPage.page(services.sessions, clock: clock),
            SettingsPage.page(identity.preferences, sessions: services.sessions),
            SecurityPage.page(
                identity.secondFactors, ownSignIns: identity.ownSignIns, keys: identity.keys, links: identity.links,
                scopes: scopes, clock: clock),
            OrganizationPage.page(services.sessions),
            MembersPage.page(
                identity.members, groups: identity.groups, invitations: identity.invitations, clock: clock),
            GroupsPage.page(identity.groups),
            BrandingPage.page,
            ProvidersPage.page(services.providerAccounts),
            AuditPage.page(services.audit, groups: identity.groups),
            PlatformPage.page(identity.organizations),
        ]
    }
}
