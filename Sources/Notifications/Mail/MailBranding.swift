package import Foundation

/// Whose mail it is. Without an organization it is Convene's own.
package struct MailBranding: Codable, Sendable, Equatable {
    package let organization: String?
    let logo: URL?
    /// `#rrggbb`
    let accent: String

    /// - Parameters:
    ///   - logo: Anything but an http or https address is left out.
    ///   - accent: `#rrggbb`; anything else is left out.
    package init(organization: String? = nil, logo: URL? = nil, accent: String? = nil) {
        self.organization = organization
        self.logo = logo.flatMap { ["http", "https"].contains($0.scheme) && $0.host() != nil ? $0 : nil }
        self.accent = accent.flatMap { $0.wholeMatch(of: /#[0-9a-fA-F]{6}/) == nil ? nil : $0 } ?? "#2f5d62"
    }

    /// Black or white, whichever stands out more on ``accent`` (WCAG 2.2, relative luminance).
    var onAccent: String {
        let digits = Array(accent.dropFirst())
        let channels = stride(from: 0, to: 6, by: 2).map { start -> Double in
            let value = Double(Int(String(digits[start..<start + 2]), radix: 16) ?? 0) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        let luminance = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
        // Where the contrast with black is that with white: sqrt(1.05 * 0.05) - 0.05.
        return luminance > 0.179 ? "#000000" : "#ffffff"
    }
}
