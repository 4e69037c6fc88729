import Access
package import Foundation
package import Identity
import Outgoing
package import Postgres
package import Values

/// Posts what Identity has to write to people.
package struct OutboxAccountMailer: AccountMailer {
    private let outbox: MailOutbox
    private let publicURL: URL
    private let clock: any WallClock

    /// - Parameter publicURL: How browsers reach us, for the links that a mail has of its own.
    package init(outbox: MailOutbox, publicURL: URL, clock: any WallClock) {
        self.outbox = outbox
        self.publicURL = publicURL
        self.clock = clock
    }

    package var delivers: Bool { true }

    package func post(_ mail: AccountMail, to address: String, of organization: OrganizationID?) async throws -> SQL {
        let (kind, branding) = written(mail, of: organization)
        guard let address = try? MailAddress(address) else { throw AccountMailerError.unusableAddress }
        return try outbox.post(
            Mail(kind, branding: branding), to: address, of: organization, inviting: mail.invitation)
    }

    private func written(
        _ mail: AccountMail, of organization: OrganizationID?
    ) -> (Mail.Kind, MailBranding) {
        let security = publicURL.appending(path: "settings/security")
        switch mail {
        case .invitation(_, nil, .admin, let link, let expiry, _) where organization == nil:
            // Whoever signs up names the organization to found, and may have typed somebody else's address: nothing
            // that they wrote goes there.
            return (.signUp(link: link, expires: expiry), MailBranding())
        case .invitation(let name, let inviter, let role, let link, let expiry, _):
            return (
                .invitation(link: link, expires: expiry, inviter: inviter, role: role.inALetter),
                MailBranding(organization: organization == nil ? name : nil)
            )
        case .accountExists(let link): return (.accountExists(link: link), MailBranding())
        case .signInLink(let link, let expiry): return (.magicLink(link: link, expires: expiry), MailBranding())
        case .unfamiliarSignIn(let moment, let address, let agent):
            return (
                .unfamiliarSignIn(at: moment, address: address, device: agent, link: security), MailBranding()
            )
        case .passwordChanged(let moment, let address):
            return (.passwordChanged(at: moment, address: address, link: security), MailBranding())
        case .secondFactorChanged(true, let moment, let address):
            return (.secondFactorOn(at: moment, address: address, link: security), MailBranding())
        case .secondFactorChanged(false, let moment, let address):
            return (.secondFactorOff(at: moment, address: address, link: security), MailBranding())
        case .removed(let name):
            return (.removed(at: clock.now), MailBranding(organization: organization == nil ? name : nil))
        }
    }
}

extension Role {
    fileprivate var inALetter: String {
        switch self {
        case .superAdmin: "platform admin"
        case .admin: "admin"
        case .counselor: "counselor"
        case .mentor: "mentor"
        case .student: "student"
        }
    }
}
