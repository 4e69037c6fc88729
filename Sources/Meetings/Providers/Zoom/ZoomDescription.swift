import Secrets
import Values

/// A server-to-server OAuth app of one Zoom account (fact sheet Zoom 1 and 2).
package struct ZoomAccount: Codable, Sendable {
    package let accountId: String
    package let clientId: String
    /// Whose license hosts every meeting: a mail address or a user id; `nil`: each request's own host does. Zoom takes 100
    /// creates and updates a day from one host.
    package let host: String?

    package init(accountId: String, clientId: String, host: String? = nil) {
        self.accountId = accountId
        self.clientId = clientId
        self.host = host
    }
}

extension ProviderDescription {
    static let zoom = ProviderDescription(
        .zoom, title: "Zoom",
        introduction: "A server-to-server OAuth app of your Zoom account, with the permissions for meetings.",
        reconciliation: Zoom.reconciliation,
        fields: [
            AccountField("accountId", "Account ID", hint: "On the app’s page, under “App Credentials”.", .identifier),
            AccountField("clientId", "Client ID", hint: "On the same page.", .identifier),
            AccountField(
                "host", "Host",
                hint: "Whose license hosts every meeting: a mail address. Empty: each mentor hosts their own.",
                note:
                    "Whose license hosts every meeting, by mail address or user id; without, each mentor hosts their own.",
                // No dots but in an address: a user id becomes part of a path, in which `..` would lead elsewhere.
                .text(
                    longest: 254, pattern: "[A-Za-z0-9_.%+-]+@[A-Za-z0-9.-]+|[A-Za-z0-9_-]+",
                    problem: "must be a mail address or a Zoom user id"), isOptional: true),
        ],
        secret: AccountField("clientSecret", "Client secret", .secret),
        endpoints: [.zoom, .zoomToken],
        connect: { (account: ZoomAccount, secret, connection) in Zoom(account, secret: secret, over: connection) })
}

extension ProviderEndpoint {
    /// Up to and with `/v2`. The `api_url` of a token's answer is not followed: this host always works.
    static let zoom = ProviderEndpoint(
        "CONVENE_ZOOM_URL", official: "https://api.zoom.us/v2", simulated: "zoom/v2")
    static let zoomToken = ProviderEndpoint(
        "CONVENE_ZOOM_TOKEN_URL", official: "https://zoom.us/oauth/token", simulated: "zoom/oauth/token")
}
