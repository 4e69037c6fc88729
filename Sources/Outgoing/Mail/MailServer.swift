package import Foundation

/// Where mails are handed over, as `CONVENE_MAIL_URL` says it. Its description leaves the password out.
package enum MailServer: Sendable, CustomStringConvertible {
    case smtp(SMTPServer)
    case folder(URL)

    /// `smtp://user:password@host:587`, `smtps://…` or `file:///folder`; signs in the user's name and password are
    /// percent-encoded. A path after the host is the name that we greet the server with.
    /// - Returns: `nil` for anything else.
    package init?(_ text: String) {
        guard let parts = URLComponents(string: text), parts.query == nil, parts.fragment == nil else { return nil }
        switch parts.scheme?.lowercased() {
        case "smtp", "smtps":
            guard let server = SMTPServer(parts) else { return nil }
            self = .smtp(server)
        case "file":
            guard parts.host ?? "" == "", parts.path.hasPrefix("/"), parts.path.count > 1 else { return nil }
            self = .folder(URL(filePath: parts.path, directoryHint: .isDirectory))
        default: return nil
        }
    }

    package func transport(from sender: MailAddress) -> any MailTransport {
        switch self {
        case .smtp(let server): SMTPClient(server: server, sender: sender)
        case .folder(let folder): MailFolder(folder, sender: sender)
        }
    }

    package var description: String {
        switch self {
        case .smtp(let server): server.address
        case .folder(let folder): folder.absoluteString
        }
    }
}

/// A server that takes mails by SMTP.
package struct SMTPServer: Sendable, CustomStringConvertible {
    /// Without user and password.
    package let address: String
    let user: String?
    let password: String?

    init?(_ parts: URLComponents) {
        guard let host = parts.host, !host.isEmpty, (parts.user == nil) == (parts.password == nil) else { return nil }
        user = parts.user
        password = parts.password
        let secrets = (user ?? "") + (password ?? "")
        guard user != "", secrets.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            return nil
        }
        var parts = parts
        parts.user = nil
        parts.password = nil
        guard let address = parts.string else { return nil }
        self.address = address
    }

    package var description: String { address }
}
