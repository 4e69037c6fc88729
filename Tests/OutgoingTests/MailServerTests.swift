import Foundation
import Testing

@testable import Outgoing

@Suite struct MailServerTests {
    @Test func `user and password are read from the address and kept out of every description`() throws {
        let server = try #require(MailServer("smtp://ada%40demo.example:p%40ss%2Fw0rd@mail.example:587"))

        guard case .smtp(let smtp) = server else { throw Mistaken() }
        #expect(smtp.user == "ada@demo.example" && smtp.password == "p@ss/w0rd")
        #expect(smtp.address == "smtp://mail.example:587")
        #expect("\(server) \(smtp)" == "smtp://mail.example:587 smtp://mail.example:587")
    }

    @Test(arguments: [
        "", "mail.example", "http://mail.example", "smtp://", "smtp://user@mail.example", "smtp://:word@mail.example",
        "smtp://a:b%0Ac@mail.example", "smtp://a:b%00c@mail.example", "smtp://mail.example?x=y", "file://host/folder",
        "file:///", "file:folder",
    ])
    func `what names no server is refused`(text: String) {
        #expect(MailServer(text) == nil)
    }

    @Test func `a folder gets one whole file for each mail, which only we can read`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "convene-mails-\(UUID().uuidString)/a b")
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        let server = try #require(MailServer(folder.absoluteString))
        let transport = server.transport(from: try MailAddress("convene@example.org"))

        for id in ["1", "2", "2"] {
            try await transport.send(
                MailMessage(
                    id: id, to: MailAddress("ada@demo.example"), subject: "s\(id)", text: "t", html: "h", date: Date()))
        }

        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["1.eml", "2.eml"])
        let file = folder.appending(path: "2.eml").path
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("\r\nSubject: s2\r\n"))
        let permissions = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(permissions == 0o600)
    }

    @Test func `the mails of a folder can be read back, the newest first`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "convene-mails-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let transport = MailFolder(folder, sender: try MailAddress("convene@example.org"))
        let texts = [
            "First", "Grüße: 您的邀请函 = 1\n\nhttps://a.example/?a=b&c=d " + String(repeating: "long ", count: 60) + ".",
        ]

        for (number, text) in texts.enumerated() {
            try await transport.send(
                MailMessage(
                    id: "\(number)", to: MailAddress("ada@demo.example", name: "Ada, 您"),
                    subject: "Über \(text.prefix(5))", text: text, html: "h", date: Date()))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(number))],
                ofItemAtPath: folder.appending(path: "\(number).eml").path)
        }
        try Data("no mail".utf8).write(to: folder.appending(path: "other.eml"))

        let mails = MailFolder.mails(in: folder, limit: 10)
        #expect(mails.map(\.text) == texts.reversed())
        #expect(mails.last?.subject == "Über First" && mails.last?.to == "Ada, 您 <ada@demo.example>")
        #expect(MailFolder.mails(in: folder.appending(path: "none"), limit: 10) == [])
    }

    @Test func `a folder that cannot be written is a mail not sent`() async throws {
        let transport = MailFolder(URL(filePath: "/proc/none"), sender: try MailAddress("convene@example.org"))

        await #expect(throws: MailFailure.notSent(reason: "the folder of mails cannot be written")) {
            try await transport.send(
                MailMessage(
                    id: "1", to: MailAddress("ada@demo.example"), subject: "s", text: "t", html: "h", date: Date()))
        }
    }

    private struct Mistaken: Error {}
}
