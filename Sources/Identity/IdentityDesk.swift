package import Foundation
package import Postgres
package import Secrets
package import Values

/// All that there is to do with people and organisations.
package struct IdentityDesk: Sendable {
    package let tokens: Tokens
    package let attempts: Attempts
    package let signIn: SignInDesk
    package let links: SignInLinks
    package let joining: Joining
    package let credentials: Credentials
    package let secondFactors: SecondFactors
    package let ownSignIns: OwnSignIns
    package let keys: AccessKeys
    package let profiles: Profiles
    package let preferences: PreferencesDesk
    package let branding: BrandingDesk
    package let organizations: Organizations
    package let members: Members
    package let groups: Groups
    package let invitations: Invitations
    package let audit: Audit

    /// - Parameters:
    ///   - database: as `convene_app`.
    ///   - publicURL: how browsers reach us, for the links in mails.
    ///   - isOpen: whether anybody may found an organisation here.
    package init(
        database: Database, tokens: Tokens, passwordRules: PasswordRules, secrets: SecretBox,
        correspondence: any Correspondence, publicURL: URL, isOpen: Bool, clock: any WallClock
    ) {
        self.tokens = tokens
        attempts = Attempts(database: database, clock: clock)
        secondFactors = SecondFactors(database: database, attempts: attempts, secrets: secrets, clock: clock)
        signIn = SignInDesk(
            database: database, passwords: Passwords(), tokens: tokens, attempts: attempts,
            secondFactors: secondFactors, correspondence: correspondence, clock: clock)
        links = SignInLinks(
            database: database, desk: signIn, correspondence: correspondence, attempts: attempts,
            publicURL: publicURL, clock: clock)
        credentials = Credentials(
            database: database, desk: signIn, rules: passwordRules, secondFactors: secondFactors,
            correspondence: correspondence, clock: clock)
        ownSignIns = OwnSignIns(database: database, clock: clock)
        keys = AccessKeys(database: database, clock: clock)
        profiles = Profiles(database: database)
        preferences = PreferencesDesk(database: database)
        branding = BrandingDesk(database: database)
        organizations = Organizations(database: database, clock: clock)
        members = Members(database: database, correspondence: correspondence, clock: clock)
        groups = Groups(database: database, clock: clock)
        invitations = Invitations(
            database: database, correspondence: correspondence, attempts: attempts, publicURL: publicURL, clock: clock)
        audit = Audit(database: database)
        joining = Joining(
            database: database, signInDesk: signIn, passwordRules: passwordRules, invitations: invitations,
            correspondence: correspondence, attempts: attempts, isOpen: isOpen, clock: clock)
    }
}
