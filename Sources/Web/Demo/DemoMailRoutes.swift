import HTTP
import Hummingbird

/// The mails of a demo, for whoever tries it without a mail server. Anybody who reaches the demo reads them, and may
/// follow the links in them, as anybody may sign in with the accounts that it offers; so this is never part of a
/// server that is not a demo.
struct DemoMailRoutes: Sendable {
    /// The newest first.
    let mails: @Sendable () -> [DemoMail]
    let templates: PageTemplates

    func add(to router: Router<AppContext>) {
        router.get("/demo/mail") { _, _ in
            try templates.reply("demo-mail", title: "Mails of this demo", visitor: nil, DemoMailPage(mails())).response
        }
    }
}
