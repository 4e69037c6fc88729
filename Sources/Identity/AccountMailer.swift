package import Access
package import Foundation
package import Postgres
package import Values

/// What Identity has to write to people.
package enum AccountMail: Sendable {
    /// - Parameters:
    ///   - organization: the name of the one to join or to found; `nil` for a super admin.
    ///   - id: the invitation that is told of it when the mail cannot be delivered.
    case invitation(
        organization: String?, inviter: String?, role: Role, link: URL, expiresAt: Date, id: InvitationID? = nil)
    /// To somebody who asked to sign up and has an account already.
    case accountExists(link: URL)
    case signInLink(URL, expiresAt: Date)
    case unfamiliarSignIn(at: Date, address: String, agent: String?)
    case passwordChanged(at: Date, address: String?)
    case secondFactorChanged(isOn: Bool, at: Date, address: String?)
    case removed(from: String)
}

extension AccountMail {
    package var invitation: InvitationID? {
        if case .invitation(_, _, _, _, _, let id) = self { id } else { nil }
    }
}

/// How mails get into the post. Whoever knows how mails look and travel conforms to it.
package protocol AccountMailer: Sendable {
    /// Whether mails go out at all. Where none do, links are shown to whoever may pass them on.
    var delivers: Bool { get }
    /// The statement that posts the mail if the transaction commits that it runs in.
    /// - Parameter organization: whose name and looks it carries; `nil` for our own.
    /// - Throws: ``AccountMailerError/unusableAddress``
    func post(_ mail: AccountMail, to address: String, of organization: OrganizationID?) async throws -> SQL
}

package enum AccountMailerError: Error, Equatable {
    /// No mail can go to such an address.
    case unusableAddress
    /// No mail goes anywhere, and what was asked for comes by mail alone.
    case noMailServer
}

/// For an installation without a mail server: nothing is posted, so nothing waits that would go out, late and
/// unexpected, on the day that a server is set.
package struct NoMailServer: AccountMailer {
    package init() {}

    package var delivers: Bool { false }

    package func post(_ mail: AccountMail, to address: String, of organization: OrganizationID?) async throws -> SQL {
        "SELECT"
    }
}
