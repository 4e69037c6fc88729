import Foundation
import TestSupport

/// `Tests/Readers/mail_server.py`: aiosmtpd on the loopback, gone with the test.
final class MailServerProcess {
    enum Security: String { case none, starttls, implicit }

    struct Failed: Error {}

    let port: Int
    let folder: URL
    private let reader: PythonReader
    private let input = Pipe()

    init(_ security: Security, signIn: (user: String, password: String)? = nil, script: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "convene-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var options: [String: Any] = ["folder": folder.path, "tls": security.rawValue, "script": script]
        options["user"] = signIn?.user
        options["password"] = signIn?.password
        let argument = try JSONSerialization.data(withJSONObject: options)
        reader = PythonReader("mail_server.py", [String(decoding: argument, as: UTF8.self)])
        reader.process.standardInput = input
        try reader.process.run()
        let line = String(decoding: reader.output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else { throw Failed() }
        self.port = port
    }

    deinit {
        try? input.fileHandleForWriting.close()
        reader.process.terminate()
        reader.process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    var certificate: URL { folder.appending(path: "certificate.pem") }

    /// Those that arrived whole, whatever was answered.
    func mails() throws -> [ReadMail] {
        let lines = (try? String(contentsOf: folder.appending(path: "mails"), encoding: .utf8)) ?? ""
        return try lines.split(separator: "\n").map { try JSONDecoder().decode(ReadMail.self, from: Data($0.utf8)) }
    }
}

/// What Python's `email` package found in a mail.
struct ReadMail: Decodable {
    let from: [[String]], to: [[String]], replyTo: [[String]]
    let subject: String, date: String, messageId: String, autoSubmitted: String
    let headers: [String], contentType: String, parts: [String]
    let text: String, html: String
    let longestLine: Int, isAllCRLF: Bool, isASCII: Bool
    let defects: [String]
    /// Of the envelope; missing when the mail did not come through a server.
    let sender: String?, recipients: [String]?, isTLS: Bool?, isSignedIn: Bool?
}
