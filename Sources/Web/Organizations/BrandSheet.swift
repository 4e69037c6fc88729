import Branding
import Foundation
import HTTP
import HTTPTypes
import Identity
import Values

/// An organization's colors as a style sheet, since our pages allow no style of their own. Anyone may read it: pages
/// that invite people need it before they sign in. There is one for every id, so that it tells nobody which exist.
struct BrandSheet: Sendable {
    let branding: BrandingService

    /// The version makes it another address after every change, so that browsers may keep what they have.
    static func path(of organization: OrganizationID, version: Int) -> String {
        "/branding/\(organization)/\(version).css"
    }

    /// - Parameter file: `3.css`.
    /// - Throws: 404 for what is no such address.
    func reply(organization: String, file: String) async throws -> Reply {
        guard let organization = OrganizationID(organization), file.hasSuffix(".css"),
            let version = Int(file.dropLast(4)), version >= 0
        else { throw Problem.notFound }
        let (palette, current) = try await branding.palette(of: organization)
        return .raw(
            (palette == .standard ? "" : palette.styleSheet).utf8, type: "text/css; charset=utf-8",
            headers: [.cacheControl: version == current && current > 0 ? Self.forEver : "no-store"])
    }

    private static let forEver = "public, max-age=31536000, immutable"
}
