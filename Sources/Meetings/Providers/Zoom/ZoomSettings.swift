package import Foundation
package import Secrets

/// A server-to-server OAuth app of one Zoom account (fact sheet Zoom 1 and 2).
package struct ZoomSettings: Sendable {
    /// Up to and with `/v2`. The `api_url` of a token's answer is not followed: this host always works.
    package var baseURL: URL
    package var tokenURL: URL
    package var accountID: String
    package var clientID: String
    package var clientSecret: Secret
    /// The user id or mail address whose license hosts every meeting; `nil`: each request's own host does. Zoom takes
    /// 100 creates and updates a day from one host.
    package var defaultHost: String?

    package init(
        baseURL: URL, tokenURL: URL, accountID: String, clientID: String, clientSecret: Secret,
        defaultHost: String? = nil
    ) {
        self.baseURL = baseURL
        self.tokenURL = tokenURL
        self.accountID = accountID
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.defaultHost = defaultHost
    }
}
