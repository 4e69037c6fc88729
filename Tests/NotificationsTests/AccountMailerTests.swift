import Access
import Outgoing
import Durable
import Foundation
import Identity
import Notifications
import Outgoing
import Postgres
import Secrets
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(5))) struct AccountMailerTests {
    private let clock = TestClock()

    /// The mail that comes of a mail of the organization Northlight, or of nobody's.
    private func sent(_ mail: AccountMail, isOfNorthlight: Bool) async throws -> (subject: String, text: String) {
        try await withDatabase { database in
            let secrets = SecretBox(KeyRing(.random()))
            let transport = ScriptedTransport()
            let organization = OrganizationID(at: clock.now)
            try await database.owner.run(
                "INSERT INTO organizations (id, slug, name, time_zone) VALUES (\(organization), 'n', 'Northlight', 'UTC')"
            )
            let publicURL = try #require(URL(string: "https://convene.example"))
            let post = OutboxAccountMailer(
                outbox: MailOutbox(secrets: secrets, clock: clock), publicURL: publicURL, clock: clock)
            let jobs = MailJobs(
                transport: transport, secrets: secrets, templates: try await MailTemplates(),
                details: MailDetails(database: database.worker), clock: clock)

            try await database.app.run(
                try await post.post(mail, to: "mei@demo.example", of: isOfNorthlight ? organization : nil))
            await Worker(
                in: Background(database: database.worker, clock: clock, logger: .quiet),
                handlers: [MailJobs.jobKind: jobs.handler]
            ).runDue()

            let mail = try #require(transport.mails.first)
            return (mail.subject, mail.text)
        }
    }

    private func link() throws -> URL { try #require(URL(string: "https://convene.example/in?token=x")) }

    @Test func `an invitation carries the organization's name as it is now`() async throws {
        let expiry = clock.now.advanced(by: .hours(24))
        let mail = try await sent(
            .invitation(organization: "Old", inviter: "Clara", role: .mentor, link: try link(), expiresAt: expiry),
            isOfNorthlight: true)

        #expect(mail.subject == "Your invitation to Northlight")
        #expect(mail.text.contains("Clara invites you to join Northlight as mentor."))
    }

    @Test func `nothing that a stranger wrote goes to the address that they signed up with`() async throws {
        let expiry = clock.now.advanced(by: .hours(24))
        let mail = try await sent(
            .invitation(
                organization: "Win a prize at evil.example", inviter: nil, role: .admin, link: try link(),
                expiresAt: expiry), isOfNorthlight: false)

        #expect(mail.subject == "Confirm your email address")
        #expect(!mail.text.contains("evil") && mail.text.contains("https://convene.example/in?token=x"))
    }

    @Test func `a super admin is invited to Convene`() async throws {
        let expiry = clock.now.advanced(by: .hours(24))
        let mail = try await sent(
            .invitation(organization: nil, inviter: "Robin", role: .superAdmin, link: try link(), expiresAt: expiry),
            isOfNorthlight: false)

        #expect(mail.text.contains("Robin invites you to join Convene as platform admin."))
    }

    @Test func `everything else says what has happened`() async throws {
        let now = clock.now
        for (mail, subject, words) in [
            (AccountMail.accountExists(link: try link()), "You already have an account", "token=x"),
            (.signInLink(try link(), expiresAt: now.advanced(by: .hours(1))), "Your link to sign in", "token=x"),
            (
                .passwordChanged(at: now, address: "203.0.113.7"), "Your password was changed",
                "from the address 203.0.113.7"
            ),
            (.secondFactorChanged(isOn: true, at: now, address: nil), "Two-step sign-in is on", "turned on"),
            (.secondFactorChanged(isOn: false, at: now, address: nil), "Two-step sign-in is off", "turned off"),
        ] {
            let mail = try await sent(mail, isOfNorthlight: false)
            #expect(mail.subject == subject && mail.text.contains(words))
        }
        let mail = try await sent(.removed(from: "Old"), isOfNorthlight: true)
        #expect(mail.subject == "You are no longer a member of Northlight")
    }
}
