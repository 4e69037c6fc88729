import Durable
import Foundation
import Notifications
import Outgoing
import Postgres
import Secrets
import TestSupport
import Testing
import Values

@Suite(.timeLimit(.minutes(5))) struct MailOutboxTests {
    private let clock = TestClock()
    private let link = "https://convene.example/in?token=canary-7f3a"

    private func mail(expiring after: Duration = .hours(1)) throws -> Mail {
        Mail(
            .magicLink(link: try #require(URL(string: link)), expires: clock.now.advanced(by: after)),
            branding: MailBranding(organization: "Northlight"), to: "Mei")
    }

    private let secrets = SecretBox(KeyRing(.random()))

    private func post(_ mail: Mail, of organization: OrganizationID? = nil) throws -> SQL {
        try MailOutbox(secrets: secrets, clock: clock).post(
            mail, to: try MailAddress("mei@demo.example", name: "Mei"), of: organization)
    }

    private func worker(_ database: TestDatabase, _ transport: ScriptedTransport?) async throws -> Worker {
        let jobs = MailJobs(
            transport: transport, secrets: secrets, templates: try await MailTemplates(),
            details: MailDetails(database: database.worker), clock: clock)
        return Worker(
            in: Background(database: database.worker, clock: clock, logger: .quiet),
            handlers: [MailJobs.jobKind: jobs.handler])
    }

    private struct Row: Decodable, Equatable {
        let state: String, payload: String, lastError: Explanation?
    }

    private func dead(_ reason: Explanation) -> Row { Row(state: "dead", payload: "{}", lastError: reason) }

    private func rows(_ database: TestDatabase) async throws -> [Row] {
        try await database.owner.rows(
            "SELECT state, payload::text, last_error FROM queue_jobs ORDER BY created_at, id")
    }

    @Test func `what a transaction posts is sent once, and nothing of it is left`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport()
            let worker = try await worker(database, transport)
            try await database.setClock(to: clock.now)
            try await database.app.run(try post(try mail()))

            await worker.runDue()
            await worker.runDue()

            let sent = try #require(transport.mails.first)
            #expect(transport.mails.count == 1)
            #expect(sent.to == (try MailAddress("mei@demo.example", name: "Mei")))
            #expect(sent.fromName == "Northlight" && sent.text.contains(link))
            #expect(try await rows(database) == [Row(state: "done", payload: "{}", lastError: nil)])
            let id = try await database.owner.row("SELECT id::text FROM queue_jobs", as: String.self)
            #expect(sent.id == id)
        }
    }

    @Test func `what waits to be sent shows neither the link nor the address`() async throws {
        try await withDatabase { database in
            try await database.setClock(to: clock.now)
            try await database.app.run(try post(try mail()))

            let dump = try await database.owner.row("SELECT row_to_json(q)::text FROM queue_jobs q", as: String.self)
            let text = try #require(dump)
            #expect(!text.contains("canary") && !text.contains("mei") && !text.contains("Northlight"))
            let payload = try await database.owner.row("SELECT payload->>'sealed' FROM queue_jobs", as: String.self)
            let sealed = try #require(payload.flatMap { Data(base64Encoded: $0) })
            #expect(sealed.firstRange(of: Data("canary".utf8)) == nil)
        }
    }

    @Test func `a transaction that is rolled back sends nothing`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport()
            let statement = try post(try mail())
            await #expect(throws: PostgresError.self) {
                try await database.app.atomically([statement, "SELECT 1 / 0"])
            }

            try await worker(database, transport).runDue()

            #expect(transport.mails.isEmpty)
        }
    }

    @Test func `what the server wants later is sent later, as the same mail`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport(failing: [.postponed(SMTPReply(code: 450)), .lost(reason: "x")])
            let worker = try await worker(database, transport)
            try await database.setClock(to: clock.now)
            try await database.app.run(try post(try mail()))

            for _ in 1...4 {
                try await database.setClock(to: clock.now)
                await worker.runDue()
                clock.advance(by: .seconds(10))
            }

            #expect(transport.mails.count == 3 && Set(transport.mails.map(\.id)).count == 1)
            #expect(try await rows(database).map(\.state) == ["done"])
        }
    }

    @Test func `what the server never wants is given up with the reason, and emptied`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport(failing: [.refused(SMTPReply(code: 550, status: "5.1.1"))])
            let worker = try await worker(database, transport)
            try await database.setClock(to: clock.now)
            try await database.app.run(try post(try mail()))

            await worker.runDue()
            clock.advance(by: .minutes(20))
            try await database.setClock(to: clock.now)
            await worker.runDue()

            #expect(transport.mails.count == 1)
            #expect(
                try await rows(database)
                    == [dead(Explanation(MailFailure.Code.refused, ["reply": .text("550 5.1.1")]))])
        }
    }

    @Test func `after the last attempt the mail is emptied too`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport(failing: Array(repeating: .notSent(reason: "no route"), count: 20))
            let worker = try await worker(database, transport)
            try await database.setClock(to: clock.now)
            try await database.app.run(try post(try mail(expiring: .hours(24))))

            for _ in 1...20 {
                try await database.setClock(to: clock.now)
                await worker.runDue()
                clock.advance(by: .minutes(12))
            }

            #expect(transport.mails.count == 20)
            #expect(
                try await rows(database)
                    == [dead(Explanation(MailFailure.Code.notSent, ["error": .text("no route")]))])
        }
    }

    @Test func `a link that has run out is not sent any more`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport(failing: [.notSent(reason: "no route")])
            let worker = try await worker(database, transport)
            try await database.setClock(to: clock.now)
            try await database.app.run(try post(try mail(expiring: .minutes(15))))

            await worker.runDue()
            clock.advance(by: .minutes(15))
            try await database.setClock(to: clock.now)
            await worker.runDue()

            #expect(transport.mails.count == 1)
            #expect(try await rows(database) == [dead(Explanation(MailReason.expired))])
        }
    }

    @Test func `without a mail server a mail is given up at once`() async throws {
        try await withDatabase { database in
            try await database.setClock(to: clock.now)
            try await database.app.run(try post(try mail()))

            try await worker(database, nil).runDue()

            #expect(try await rows(database) == [dead(Explanation(MailReason.noServer))])
        }
    }

    @Test func `what was sealed for another job is not sent, and not quoted`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport()
            let worker = try await worker(database, transport)
            try await database.app.atomically([try post(try mail()), try post(try mail())])
            try await database.owner.run(
                """
                UPDATE queue_jobs a SET payload = b.payload FROM queue_jobs b WHERE a.id <> b.id
                """)

            await worker.runDue()

            #expect(transport.mails.isEmpty)
            #expect(Set(try await rows(database).map(\.lastError)) == [Explanation(MailReason.unreadable)])
        }
    }

    @Test func `a mail under a key that is gone is given up at once, and its invitation says so`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport()
            let invitation = InvitationID(at: clock.now), north = OrganizationID(at: clock.now)
            try await database.owner.atomically([
                "INSERT INTO organizations (id, slug, name, time_zone) VALUES (\(north), 'north', 'North', 'UTC')",
                """
                INSERT INTO invitations (id, organization_id, email, role, token_hash, expires_at)
                VALUES (\(invitation), \(north), 'mei@demo.example', 'mentor', '\\x00', now() + interval '7 days')
                """,
            ])
            let gone = SecretBox(KeyRing(.random()))
            try await database.app.run(
                try MailOutbox(secrets: gone, clock: clock).post(
                    try mail(), to: try MailAddress("mei@demo.example"), of: north, inviting: invitation))

            try await worker(database, transport).runDue()

            #expect(transport.mails.isEmpty)
            #expect(try await rows(database).map(\.state) == ["dead"])
            struct Undelivered: Decodable { let deliveryFailure: Explanation }
            let undelivered = try await database.owner.row(
                "SELECT delivery_failure FROM invitations WHERE delivery_failed_at IS NOT NULL", as: Undelivered.self)
            #expect(undelivered?.deliveryFailure == Explanation(MailReason.keyLost))
        }
    }

    @Test func `a request can post a mail and no other job, and never reads it again`() async throws {
        try await withDatabase { database in
            let own = OrganizationID(at: clock.now)
            let entered = database.app.opening(
                with: "SELECT set_config('app.org_ids', \("{\(own)}"), true)")

            try await entered.run(try post(try mail(), of: own))
            try await database.setClock(to: clock.now)
            try await database.app.run(try post(try mail()))
            await #expect(throws: PostgresError.self) {
                try await entered.run("INSERT INTO queue_jobs (id, kind, key) VALUES (gen_random_uuid(), 'other', 'x')")
            }

            #expect(try await entered.row("SELECT count(*) FROM queue_jobs", as: Int.self) == 0)
            #expect(try await database.owner.row("SELECT count(*) FROM queue_jobs", as: Int.self) == 2)
        }
    }

    @Test func `what a mail leaves open is filled in when it is sent`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport()
            let north = OrganizationID(at: clock.now)
            try await database.owner.atomically([
                "INSERT INTO organizations (id, slug, name, time_zone) VALUES (\(north), 'north', 'North', 'UTC')",
                """
                INSERT INTO users (id, email, name, time_zone)
                VALUES (\(UserID(at: clock.now)), 'mei@demo.example', 'Mei Tanaka', 'Asia/Tokyo')
                """,
            ])
            let link = try #require(URL(string: link))
            let mail = Mail(.magicLink(link: link, expires: clock.now.advanced(by: .hours(1))))
            try await database.app.run(
                try MailOutbox(secrets: secrets, clock: clock).post(
                    mail, to: try MailAddress("mei@demo.example"), of: north))
            try await database.owner.run("UPDATE organizations SET name = 'Northlight'")

            try await worker(database, transport).runDue()

            let sent = try #require(transport.mails.first)
            #expect(sent.to.name == "Mei Tanaka" && sent.fromName == "Northlight")
            #expect(sent.text.hasPrefix("Hello Mei Tanaka,"))
            #expect(sent.text.contains("Monday, 7 September 2026 at 19:00 (Asia/Tokyo)"))
        }
    }

    @Test func `an organization's looks and wording are in its invitations`() async throws {
        try await withDatabase { database in
            let transport = ScriptedTransport()
            let north = OrganizationID(at: clock.now)
            let templates = #"{"invitation": {"subject": "{{inviter}}: {{role}}?", "introduction": "Dear {{name}}"}}"#
            try await database.owner.atomically([
                "INSERT INTO organizations (id, slug, name, time_zone) VALUES (\(north), 'north', 'North', 'UTC')",
                """
                INSERT INTO branding (organization_id, logo_url, accent, templates, version)
                VALUES (\(north), 'https://north.example/logo.svg', '#1a237e', \(templates)::jsonb, 1)
                """,
            ])
            let link = try #require(URL(string: link))
            let mail = Mail(
                .invitation(
                    link: link, expires: clock.now.advanced(by: .hours(1)), inviter: "Clara", role: "mentor"))
            try await database.app.run(
                try MailOutbox(secrets: secrets, clock: clock).post(
                    mail, to: try MailAddress("new@demo.example"), of: north))

            try await worker(database, transport).runDue()

            let sent = try #require(transport.mails.first)
            #expect(sent.subject == "Clara: mentor?" && sent.text.hasPrefix("Dear new@demo.example"))
            #expect(sent.html.contains("https://north.example/logo.svg") && sent.html.contains("background:#1a237e"))
        }
    }
}
