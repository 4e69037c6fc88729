import Access
package import Foundation
import Postgres
package import Values

extension Joining {
    /// Accepts an invitation with a new account, which the one at the issuer signs in to from then on. That their
    /// addresses are the same is not asked: the token came by mail to the invited one.
    /// - Returns: `nil` when the invitation is gone, or its address has an account: that signs in first.
    package func accept(
        _ tokenHash: Data, with identity: OpenIDIdentity, from origin: ClientInfo
    ) async throws -> UserID? {
        let now = clock.now
        let user = UserID(at: now)
        let names = [identity.name, identity.email?.split(separator: "@").first.map(String.init)]
        let name =
            names.compactMap(\.self).map { PlainText.cleanedLine(String($0.unicodeScalars.prefix(100))) }
            .first(where: PlainText.isVisible) ?? "New member"
        do {
            try await database.beforeSigningIn(from: origin.address).atomically([
                """
                SELECT accept_invitation(\(tokenHash), \(user), \(name), 'UTC', NULL, true, \(OrganizationID(at: now)),
                                         \(EventID(at: now)), \(now))
                """,
                identity.linking(to: user, at: now),
            ])
        } catch let error as PostgresError {
            guard error.refusal != nil else { throw error }
            return nil
        }
        return user
    }
}
