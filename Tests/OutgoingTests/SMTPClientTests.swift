import Foundation
import TestSupport
import Testing

@testable import Outgoing

@Suite(.enabled(if: PythonReader.isThere, "scripts/venv prepares the mail server"), .timeLimit(.minutes(5)))
struct SMTPClientTests {
    private let quick = OutgoingLimits(connecting: .seconds(10), total: .seconds(20), responseBytes: 64_000)
    private let account = (user: "convene@demo.example", password: "p@ss: wörd")

    private func client(
        _ server: MailServerProcess, scheme: String = "smtp", signIn: (user: String, password: String)? = nil,
        trusting authorities: URL? = nil, limits: OutgoingLimits? = nil
    ) throws -> SMTPClient {
        var parts = URLComponents()
        (parts.scheme, parts.host, parts.port) = (scheme, "127.0.0.1", server.port)
        (parts.user, parts.password) = (signIn?.user, signIn?.password)
        guard case .smtp(let smtp) = try #require(parts.string.flatMap(MailServer.init)) else { throw Mistaken() }
        return SMTPClient(
            server: smtp, sender: try MailAddress("convene@example.org", name: "Convene"), limits: limits ?? quick,
            authorities: authorities)
    }

    private func message(_ id: String = "1", text: String = "Hello\n.\n..\nEnd") throws -> MailMessage {
        try MailMessage(
            id: id, to: try MailAddress("ada@demo.example", name: "Ada Lovelace"), subject: "Grüße", text: text,
            html: "<p>Hello</p>", date: Date(timeIntervalSince1970: 1_795_266_758))
    }

    @Test func `a mail reaches a plain server as it was written`() async throws {
        let server = try MailServerProcess(.none)

        try await client(server).send(message())

        let mail = try #require(try server.mails().first)
        #expect(mail.sender == "convene@example.org" && mail.recipients == ["ada@demo.example"])
        #expect(mail.subject == "Grüße" && mail.text == "Hello\n.\n..\nEnd\n" && mail.html == "<p>Hello</p>\n")
        #expect(mail.messageId == "<1@example.org>" && mail.defects == [])
        #expect(mail.isTLS == false && mail.isSignedIn == false)
    }

    @Test(arguments: [(MailServerProcess.Security.starttls, "smtp"), (.implicit, "smtps")])
    func `a mail goes under TLS with a password`(security: MailServerProcess.Security, scheme: String) async throws {
        let server = try MailServerProcess(security, signIn: account)

        try await client(server, scheme: scheme, signIn: account, trusting: server.certificate).send(message())

        let mail = try #require(try server.mails().first)
        #expect(mail.isTLS == true && mail.isSignedIn == true && mail.subject == "Grüße")
    }

    @Test func `without a password, TLS is used where it is offered, whoever signed the certificate`() async throws {
        let server = try MailServerProcess(.starttls)

        try await client(server).send(message())

        #expect(try server.mails().map(\.isTLS) == [true])
    }

    @Test func `a password is not shown to a server without TLS, nor to one that we cannot know`() async throws {
        let plain = try MailServerProcess(.none, signIn: account)
        let stranger = try MailServerProcess(.starttls, signIn: account)
        let disguised = try MailServerProcess(.implicit, signIn: account)

        for client in [
            try client(plain, signIn: account), try client(stranger, signIn: account),
            try client(disguised, scheme: "smtps", signIn: account),
        ] {
            let failure = await #expect(throws: MailFailure.self) { try await client.send(try message()) }
            guard case .notSent = failure else { throw Mistaken() }
        }
        #expect(try plain.mails().isEmpty && stranger.mails().isEmpty && disguised.mails().isEmpty)
    }

    @Test func `a wrong password is our fault and not the mail's`() async throws {
        let server = try MailServerProcess(.starttls, signIn: account)
        let client = try client(
            server, signIn: (account.user, "another-secret-word"), trusting: server.certificate)

        let failure = await #expect(throws: MailFailure.self) { try await client.send(try message()) }

        guard case .notSent(let reason) = failure else { throw Mistaken() }
        #expect(!reason.contains("another-secret-word") && !reason.contains(account.user))
    }

    @Test func `a server that wants a password that we do not have may take it later`() async throws {
        let server = try MailServerProcess(.none, signIn: account)

        let failure = await #expect(throws: MailFailure.self) { try await client(server).send(message()) }

        guard case .postponed(let reply) = failure else { throw Mistaken() }
        #expect(reply.code == 530)
    }

    @Test(arguments: ["mail", "rcpt", "data"])
    func `what the server wants later is taken later`(stage: String) async throws {
        let server = try MailServerProcess(.none, script: ["\(stage):450 4.2.1 ada@demo.example is busy"])
        let client = try client(server)

        await #expect(throws: MailFailure.postponed(SMTPReply(code: 450, status: "4.2.1"))) {
            try await client.send(try message())
        }
        try await client.send(message())

        #expect(try server.mails().count == 1)
    }

    @Test(arguments: ["mail", "rcpt", "data"])
    func `what the server never wants is refused`(stage: String) async throws {
        let server = try MailServerProcess(.none, script: ["\(stage):550 5.1.1 ada@demo.example is not here"])

        let failure = await #expect(throws: MailFailure.refused(SMTPReply(code: 550, status: "5.1.1"))) {
            try await client(server).send(message())
        }

        #expect(failure?.description == "the mail server refused it: 550 5.1.1")
        #expect(try server.mails().isEmpty)
    }

    @Test func `a mail whose answer does not come may have been taken`() async throws {
        let server = try MailServerProcess(.none, script: ["close", "hang"])

        for limits in [quick, OutgoingLimits(total: .seconds(1))] {
            let failure = await #expect(throws: MailFailure.self) {
                try await client(server, limits: limits).send(message())
            }
            guard case .lost = failure else { throw Mistaken() }
        }

        #expect(try server.mails().map(\.messageId) == ["<1@example.org>", "<1@example.org>"])
    }

    @Test func `a cancelled task ends its transfer`() async throws {
        let server = try MailServerProcess(.none, script: ["hang"])
        let client = try client(server)
        let message = try message()

        let sending = Task { try await client.send(message) }
        while try server.mails().isEmpty { await Task.yield() }
        sending.cancel()

        guard case .lost = await sending.result.failure as? MailFailure else { throw Mistaken() }
    }

    @Test func `a server that is not there is surely not sent to`() async throws {
        let server = try MailServerProcess(.none)
        let port = server.port
        guard case .smtp(let nobody) = try #require(MailServer("smtp://127.0.0.1:\(port == 1 ? 2 : 1)")) else {
            throw Mistaken()
        }
        let client = SMTPClient(server: nobody, sender: try MailAddress("convene@example.org"), limits: quick)

        let failure = await #expect(throws: MailFailure.self) { try await client.send(try message()) }

        guard case .notSent = failure else { throw Mistaken() }
    }

    @Test func `a long mail arrives whole`() async throws {
        let server = try MailServerProcess(.none)
        let text = (0..<20_000).map { "line \($0) ünd so weiter" }.joined(separator: "\n")

        try await client(server).send(message(text: text))

        #expect(try server.mails().first?.text == text + "\n")
    }

    private struct Mistaken: Error {}
}
