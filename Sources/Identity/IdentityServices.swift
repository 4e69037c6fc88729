package import Durable
package import Foundation
package import Postgres
package import Secrets
package import Values

/// All that there is to do with people and organizations.
package struct IdentityServices: Sendable {
    package let tokens: Tokens
    package let limits: RateLimits
    let guesses: PasswordGuesses
    package let signIn: SignInService
    package let links: SignInLinks
    package let joining: Joining
    package let credentials: Credentials
    package let secondFactors: SecondFactors
    package let ownSignIns: OwnSignIns
    package let keys: AccessKeys
    package let profiles: Profiles
    package let preferences: PreferencesService
    package let organizations: Organizations
    package let members: Members
    package let groups: Groups
    package let invitations: Invitations
    package let setUp: SetUp

    /// - Parameters:
    ///   - database: as `convene_app`.
    ///   - observers: who else has something in a member's name.
    ///   - publicURL: how browsers reach us, for the links in mails.
    ///   - isOpen: whether anybody may found an organization here.
    package init(
        database: Database, tokens: Tokens, passwordRules: PasswordRules, secrets: SecretBox,
        observers: [any MembershipObserver] = [], mailer: any AccountMailer, publicURL: URL, isOpen: Bool,
        clock: any WallClock
    ) {
        self.tokens = tokens
        limits = RateLimits(database: database, clock: clock)
        guesses = PasswordGuesses(database: database, clock: clock)
        secondFactors = SecondFactors(database: database, limits: limits, secrets: secrets, clock: clock)
        signIn = SignInService(
            database: database, passwords: Passwords(), tokens: tokens, guesses: guesses,
            secondFactors: secondFactors, mailer: mailer, clock: clock)
        links = SignInLinks(
            database: database, service: signIn, mailer: mailer, limits: limits,
            publicURL: publicURL, clock: clock)
        credentials = Credentials(
            database: database, service: signIn, rules: passwordRules, secondFactors: secondFactors,
            mailer: mailer, clock: clock)
        ownSignIns = OwnSignIns(database: database, clock: clock)
        keys = AccessKeys(database: database, secrets: secrets, clock: clock)
        profiles = Profiles(database: database)
        preferences = PreferencesService(database: database)
        organizations = Organizations(database: database, clock: clock)
        members = Members(database: database, observers: observers, mailer: mailer, clock: clock)
        groups = Groups(database: database, clock: clock)
        invitations = Invitations(
            database: database, mailer: mailer, limits: limits, secrets: secrets, publicURL: publicURL, clock: clock)
        joining = Joining(
            database: database, signInService: signIn, passwordRules: passwordRules, invitations: invitations,
            mailer: mailer, limits: limits, isOpen: isOpen, clock: clock)
        setUp = SetUp(
            database: database, signInService: signIn, passwordRules: passwordRules, limits: limits, clock: clock)
    }
}
