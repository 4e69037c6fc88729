import Access
import Identity
import Values

/// What somebody sees who was invited; which of its parts depends on who they are.
struct InvitationPage: Sendable {
    /// What was entered, and what is wrong with it.
    struct Entries: Sendable {
        var name = ""
        var nameError: String?
        var passwordError: String?

        var areRight: Bool { nameError == nil && passwordError == nil }
    }

    let heading: String
    /// Why nothing comes of it; then all that follows is left out.
    var gone: String?
    var explanation: String?
    var email: String?
    var token: String?
    var action: String?
    /// There is no account: it is made here.
    var isNew = false
    /// There is an account that is not signed in.
    var signInHref: String?
    /// The account is signed in, and one button is left.
    var isReady = false
    /// Another account is signed in: its address.
    var other: String?
    /// Where signing out leads.
    var here: String?
    var csrf: String?
    var name: String?
    var nameError: String?
    var passwordError: String?
    /// The same with an account elsewhere, which signs in from then on.
    var elsewhere = false
    var issuers: [SignInPage.Issuer] = []

    init(gone: String, heading: String) {
        self.heading = heading
        self.gone = gone
    }

    init(_ offer: Joining.Offer, token: String, entries: Entries, issuers: [OpenIDIssuer], signedIn: SignedIn?) {
        let role = offer.role.label.lowercased()
        let article = offer.role == .admin ? "an" : "a"
        switch (offer.organizationName, offer.organizationId) {
        case (let name?, _?):
            heading = "Join \(name.isolated)"
            explanation =
                (offer.inviter.map { "\($0.isolated) invites you" } ?? "You are invited")
                + " to join as \(article) \(role)."
            action = "Join \(name.isolated) as \(role)"
        case (let name?, nil):
            heading = "Set up \(name.isolated)"
            explanation = "You will be its first admin, and can invite everybody else."
            action = "Set up \(name.isolated)"
        case (nil, _):
            heading = "Look after this server"
            explanation =
                (offer.inviter.map { "\($0.isolated) invites you" } ?? "You are invited")
                + " to be one of its platform admins."
            action = "Become a platform admin"
        }
        email = offer.email
        self.token = token
        let here = "/invitation".with("token", token)
        self.here = here
        name = entries.name
        nameError = entries.nameError
        passwordError = entries.passwordError
        csrf = signedIn?.formToken
        if let signedIn {
            isReady = signedIn.profile.email == offer.email
            other = isReady ? nil : signedIn.profile.email
        } else if offer.hasAccount {
            signInHref = "/sign-in".with("next", here)
        } else {
            isNew = true
            self.issuers = issuers.map {
                .init(name: $0.name, address: "/api/auth/oidc/\($0.slug)/start".with("invitation", token))
            }
            elsewhere = !issuers.isEmpty
        }
    }
}
