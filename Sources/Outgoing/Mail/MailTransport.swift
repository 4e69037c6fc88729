package import Values

/// Takes mails to where they are delivered from.
package protocol MailTransport: Sendable {
    func send(_ message: MailMessage) async throws(MailFailure)
}

/// Why a mail was not taken. No reason holds an address, a password or what the server wrote beside its number.
package enum MailFailure: Error, Equatable, CustomStringConvertible {
    /// The server will never take this mail: 5yz to its sender, recipient or content.
    case refused(SMTPReply)
    /// The server may take it later: 4yz, or a 5yz that is about us and not about the mail, such as a wrong password.
    case postponed(SMTPReply)
    /// It surely did not get there: no connection, no TLS, no sign-in, a full disk.
    case notSent(reason: String)
    /// It was on its way, wholly or in part, and no answer came back: it may have been taken.
    case lost(reason: String)

    package var description: String {
        switch self {
        case .refused(let reply): "the mail server refused it: \(reply)"
        case .postponed(let reply): "the mail server did not take it this time: \(reply)"
        case .notSent(let reason): "not sent: \(reason)"
        case .lost(let reason): "lost on the way: \(reason)"
        }
    }
}

extension MailFailure: Explained {
    package enum Code: String, ExplanationCode {
        case refused = "mail_refused"
        case postponed = "mail_postponed"
        case notSent = "mail_not_sent"
        case lost = "mail_lost"

        package var arguments: Set<String> {
            switch self {
            case .refused, .postponed: ["reply"]
            case .notSent, .lost: ["error"]
            }
        }
    }

    package var explanation: Explanation {
        switch self {
        case .refused(let reply): Explanation(Code.refused, ["reply": .text(reply.description)])
        case .postponed(let reply): Explanation(Code.postponed, ["reply": .text(reply.description)])
        case .notSent(let reason): Explanation(Code.notSent, ["error": .foreign(reason)])
        case .lost(let reason): Explanation(Code.lost, ["error": .foreign(reason)])
        }
    }
}

/// The number of a server's answer (RFC 5321), and its enhanced status code (RFC 3463) if it gave one.
package struct SMTPReply: Sendable, Equatable, CustomStringConvertible {
    package let code: Int
    package let status: String?

    package init(code: Int, status: String? = nil) {
        self.code = code
        self.status = status
    }

    package var description: String { status.map { "\(code) \($0)" } ?? "\(code)" }
}
