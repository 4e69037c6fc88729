import HTTP
import HTTPTypes

/// The mails of a demo, for whoever tries it without a mail server. Anybody who reaches the demo reads them, and may
/// follow the links in them, as anybody may sign in with the accounts that it offers; so this is never part of a
/// server that is not a demo.
struct DemoMailRoutes: Sendable {
    /// The newest first.
    let mails: @Sendable () -> [DemoMail]
    let templates: PageTemplates

    var pages: [WebPage] {
        [
            .open(.get, "/demo/mail") { _ in
                try templates.reply("demo/demo-mail", title: "Email of this demo", visitor: nil, DemoMailPage(mails()))
            },
            .open(.get, "/demo/mail/{id}/html", html),
        ]
    }

    /// A mail's HTML as a mail program would show it: a document of nobody's, which runs no script, sends no form and
    /// reads nothing of ours, in a frame of our page or by itself. Its links open in a tab of their own.
    @Sendable private func html(_ request: PageRequest) throws -> Reply {
        let id = request.parameter("id")
        guard let mail = mails().first(where: { $0.id == id }), !mail.html.isEmpty else { throw Problem.notFound }
        let document = mail.html.replacing("<head>", with: #"<head><base target="_blank">"#, maxReplacements: 1)
        return .raw(
            document.utf8, type: "text/html; charset=utf-8",
            // Browsers open no document that is both in a sandbox and apart from its opener.
            headers: [
                .contentSecurityPolicy: Self.sandbox, HTTPField.Name("Cross-Origin-Opener-Policy")!: "unsafe-none",
            ])
    }

    private static let sandbox =
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        + "img-src https: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
}
