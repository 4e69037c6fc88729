import Branding
package import Foundation

/// Whose mail it is. Without an organization it is Convene's own.
package struct MailBranding: Codable, Sendable, Equatable {
    package let organization: String?
    let logo: URL?
    let accent: SRGB

    /// - Parameters:
    ///   - logo: Anything but an http or https address is left out.
    ///   - accent: `#rrggbb`; anything else is left out.
    package init(organization: String? = nil, logo: URL? = nil, accent: String? = nil) {
        self.organization = organization
        self.logo = logo.flatMap { ["http", "https"].contains($0.scheme) && $0.host() != nil ? $0 : nil }
        self.accent = accent.flatMap(SRGB.init) ?? Palette.standard.accent
    }
}
