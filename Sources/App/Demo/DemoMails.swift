import Outgoing
import Web

extension Settings {
    /// The mails of a demo that puts them into a folder; `nil` for every other server.
    var demoMails: (@Sendable () -> [DemoMail])? {
        guard isDemo, case .folder(let folder) = mail?.server else { return nil }
        return {
            MailFolder.mails(in: folder, limit: 50).map {
                DemoMail(id: $0.id, to: $0.to, subject: $0.subject, text: $0.text, html: $0.html, date: $0.date)
            }
        }
    }
}
