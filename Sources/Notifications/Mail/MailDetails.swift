import Branding
import Foundation
package import Postgres
import Values

/// What a mail leaves open and is as it stands when the mail is sent: the person's name and time zone, and how the
/// organization looks and words its invitations.
package struct MailDetails: Sendable {
    private let database: Database

    /// - Parameter database: as `convene_worker`.
    package init(database: Database) {
        self.database = database
    }

    private struct Row: Decodable, Sendable {
        let name: String?, timeZone: String?
        let organization: String?, logo: String?, accent: String?, subject: String?, introduction: String?
    }

    func filled(_ mail: Mail, to address: String, of organization: OrganizationID?) async throws -> Mail {
        let invitation = MessageKind.invitation.rawValue
        let row = try await database.row(
            """
            SELECT u.name, u.time_zone, o.name AS organization, b.logo_url AS logo, b.accent,
                   b.templates #>> ARRAY[\(invitation), 'subject'] AS subject,
                   b.templates #>> ARRAY[\(invitation), 'introduction'] AS introduction
            FROM (SELECT) AS one
            LEFT JOIN users u ON u.email = \(address.lowercased())
            LEFT JOIN organizations o ON o.id = \(organization)::uuid
            LEFT JOIN branding b ON b.organization_id = o.id
            """, as: Row.self)
        guard let row else { return mail }
        var mail = mail
        mail.name = mail.name ?? row.name
        mail.timeZone = mail.timeZone ?? row.timeZone
        if mail.branding.organization == nil {
            mail.branding = MailBranding(
                organization: row.organization, logo: row.logo.flatMap(URL.init(string:)), accent: row.accent)
        }
        if mail.wording == nil, let subject = row.subject, let introduction = row.introduction {
            mail.wording = MessageTemplate(subject: subject, introduction: introduction)
        }
        return mail
    }
}
