package import Foundation
package import Identity
import Outgoing
package import Postgres
package import Values

/// Posts what Identity has to write to people.
package struct LetterPost: Correspondence {
    private let postbox: Postbox
    private let publicURL: URL
    private let clock: any WallClock

    /// - Parameter publicURL: How browsers reach us, for the links that a letter has of its own.
    package init(postbox: Postbox, publicURL: URL, clock: any WallClock) {
        self.postbox = postbox
        self.publicURL = publicURL
        self.clock = clock
    }

    package func post(_ letter: AccountLetter, to address: String, of organization: OrganizationID?) async throws -> SQL
    {
        let (matter, letterhead) = written(letter, of: organization)
        guard let address = try? MailAddress(address) else { throw CorrespondenceError.unusableAddress }
        return try postbox.post(
            Letter(matter, letterhead: letterhead), to: address, of: organization, inviting: letter.invitation)
    }

    private func written(
        _ letter: AccountLetter, of organization: OrganizationID?
    ) -> (Letter.Matter, Letterhead) {
        let security = publicURL.appending(path: "settings/security")
        switch letter {
        case .invitation(_, nil, .admin, let link, let expiry, _) where organization == nil:
            // Whoever signs up names the organisation to found, and may have typed somebody else's address: nothing
            // that they wrote goes there.
            return (.signUp(link: link, expires: expiry), Letterhead())
        case .invitation(let name, let inviter, let role, let link, let expiry, _):
            return (
                .invitation(link: link, expires: expiry, inviter: inviter, role: role.inALetter),
                Letterhead(organization: organization == nil ? name : nil)
            )
        case .accountExists(let link): return (.accountExists(link: link), Letterhead())
        case .signInLink(let link, let expiry): return (.magicLink(link: link, expires: expiry), Letterhead())
        case .unfamiliarSignIn(let moment, let address, let agent):
            return (
                .unfamiliarSignIn(at: moment, address: address, device: agent, link: security), Letterhead()
            )
        case .passwordChanged(let moment, let address):
            return (.passwordChanged(at: moment, address: address, link: security), Letterhead())
        case .secondFactorChanged(true, let moment, let address):
            return (.secondFactorOn(at: moment, address: address, link: security), Letterhead())
        case .secondFactorChanged(false, let moment, let address):
            return (.secondFactorOff(at: moment, address: address, link: security), Letterhead())
        case .removed(let name):
            return (.removed(at: clock.now), Letterhead(organization: organization == nil ? name : nil))
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
