import Access
package import Durable
package import Foundation
package import Postgres
package import Values

/// Signing in by a link that is mailed: for who forgot the password, and for who has none.
package struct SignInLinks: Sendable {
    let database: Database
    let service: SignInService
    let mailer: any AccountMailer
    let limits: RateLimits
    /// How browsers reach us.
    let publicURL: URL
    let clock: any WallClock

    package init(
        database: Database, service: SignInService, mailer: any AccountMailer, limits: RateLimits, publicURL: URL,
        clock: any WallClock
    ) {
        self.database = database
        self.service = service
        self.mailer = mailer
        self.limits = limits
        self.publicURL = publicURL
        self.clock = clock
    }

    private static let lifetime = Duration.minutes(15)

    /// Whether anybody can have one: they come by mail alone.
    package var areOffered: Bool { mailer.delivers }

    /// Mails a link to anyone who has that address. What is answered does not tell whether anybody has.
    /// - Parameter next: a path of ours, to go on to.
    /// - Throws: ``RateLimitReached``; ``AccountMailerError/noMailServer``
    package func send(to email: EmailAddress, next: String?, from origin: ClientInfo) async throws {
        guard areOffered else { throw AccountMailerError.noMailServer }
        try await limits.spend(.asking(from: origin.address))
        try await limits.spend(.mail(to: email))
        let token = RandomToken()
        let expiry = clock.now.advanced(by: Self.lifetime)
        let link = publicURL.appending(path: "sign-in/link")
            .appending(queryItems: [URLQueryItem(name: "token", value: token.text)])
        let mail = try await mailer.post(
            .signInLink(link, expiresAt: expiry), to: email.text, of: nil)
        try await database.beforeSigningIn(from: origin.address).transaction { tx in
            let isKept = try await tx.row(
                "SELECT keep_sign_in_link(\(email.text), \(token.hash), \(next), \(expiry))", as: Bool.self)
            // The mail is queued in either case, and taken back where nobody has the address: the same statements in
            // the same round trips, so that the time taken does not tell.
            try await tx.run(["SAVEPOINT mail", mail, isKept == true ? "RELEASE mail" : "ROLLBACK TO mail"])
        }
    }

    /// Uses a link up.
    /// - Returns: the pass, and the path to go on to.
    /// - Throws: ``SignInError/linkGone``
    package func use(_ token: String, from origin: ClientInfo) async throws -> (
        issued: SignInService.IssuedTokens, next: String?
    ) {
        struct Used: Decodable { let userId: UserID, next: String? }
        let used = try await database.beforeSigningIn(from: origin.address).row(
            "SELECT * FROM use_sign_in_link(\(RandomToken.hash(of: token)), \(clock.now))", as: Used.self)
        guard let used else {
            try await limits.spend(.asking(from: origin.address))
            throw SignInError.linkGone
        }
        return (try await service.open(for: used.userId, by: .link, through: .browser, from: origin), used.next)
    }
}
