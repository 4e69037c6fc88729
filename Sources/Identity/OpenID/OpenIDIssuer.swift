import Foundation
package import Secrets

/// An OpenID Connect issuer that people may sign in with, as the operator has set it up.
package struct OpenIDIssuer: Sendable {
    /// Our short name of it, in addresses.
    package let slug: String
    /// What its button says.
    package let name: String
    /// Its issuer identifier, letter for letter as it calls itself.
    package let identifier: String
    package let clientID: String
    /// `nil`: a public client, which PKCE alone protects.
    package let clientSecret: Secret?
    /// Where it sends people back to. Registered there, and compared exactly.
    package let redirectURI: String

    package init(
        slug: String, name: String, identifier: String, clientID: String, clientSecret: Secret?, redirectURI: String
    ) {
        self.slug = slug
        self.name = name
        self.identifier = identifier
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.redirectURI = redirectURI
    }

    package static let google = "https://accounts.google.com"

    /// Google writes its name in ID tokens with or without the scheme ("OpenID Connect", validating an ID token).
    func isNamed(_ iss: String) -> Bool {
        iss == identifier || (identifier == Self.google && iss == "accounts.google.com")
    }

    /// OpenID Connect Discovery 1.0, 4: a slash at the end of the identifier goes first.
    var discoveryURL: URL? {
        let base = identifier.hasSuffix("/") ? String(identifier.dropLast()) : identifier
        return URL(string: base + "/.well-known/openid-configuration")
    }
}
