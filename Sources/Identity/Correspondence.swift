package import Foundation
package import Postgres
package import Values

/// What Identity has to write to people.
package enum AccountLetter: Sendable {
    /// - Parameter organization: the name of the one to join or to found; `nil` for a super admin.
    case invitation(organization: String?, inviter: String?, role: Role, link: URL, expiresAt: Date)
    /// To somebody who asked to sign up and has an account already.
    case accountExists(link: URL)
    case signInLink(URL, expiresAt: Date)
    case unfamiliarSignIn(at: Date, address: String, agent: String?)
    case passwordChanged(at: Date, address: String?)
    case secondFactorChanged(isOn: Bool, at: Date, address: String?)
    case removed(from: String)
}

/// How letters get into the post. Whoever knows how mails look and travel conforms to it.
package protocol Correspondence: Sendable {
    /// The statement that posts the letter if the transaction commits that it runs in.
    /// - Parameter organization: whose name and looks it carries; `nil` for our own.
    /// - Throws: ``CorrespondenceError/unusableAddress``
    func post(_ letter: AccountLetter, to address: String, of organization: OrganizationID?) async throws -> SQL
}

package enum CorrespondenceError: Error, Equatable {
    /// No mail can go to such an address.
    case unusableAddress
}
