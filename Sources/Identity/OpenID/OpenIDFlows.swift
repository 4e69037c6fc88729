import Access
import Foundation
package import Postgres
import Values

/// Who is on the way to an issuer and back. A flow ends with its first answer, or after ten minutes.
package struct OpenIDFlows: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// What was wanted when somebody set out.
    struct Flow: Decodable, Sendable {
        let next: String
        let linkUser: UserID?
        let invitationHash: Data?
    }

    /// - Parameter person: whom to link with the account there; `nil`: somebody signs in.
    /// - Throws: ``AccessError/signedOut``
    func begin(
        _ slug: String, state: String, browser: String, next: String, linking person: Person?, invitation: String?
    ) async throws {
        let asker = person.map { database.acting(as: $0) } ?? database.beforeSigningIn
        try await asker.run(
            """
            INSERT INTO openid_flows (state_hash, issuer, browser_hash, next, link_user, invitation_hash)
            VALUES (\(RandomToken.hash(of: state)), \(slug), \(RandomToken.hash(of: browser)), \(next), \(person?.user),
                    \(invitation.map(RandomToken.hash(of:))))
            """)
    }

    /// Ends the flow with that state. `nil` when it was not begun for this issuer and in this browser.
    func take(_ slug: String, state: String, browser: String) async throws -> Flow? {
        try await database.beforeSigningIn.row(
            """
            SELECT next, link_user, invitation_hash
            FROM take_openid_flow(\(RandomToken.hash(of: state)), \(RandomToken.hash(of: browser)), \(slug))
            """, as: Flow.self)
    }
}
