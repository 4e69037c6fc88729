import Foundation
import Values

/// What somebody is told who has just started a server: where it is, how to get in, and what it lacks.
///
/// The link that sets up a new installation is printed here and nowhere else: the log, which others read too and which is
/// kept, never holds it.
struct Greeting {
    private let settings: Settings
    private let setUpLink: URL?
    private let build: BuildInfo

    init(of started: Assembly.Started, build: BuildInfo) {
        settings = started.settings
        setUpLink = started.setUpLink
        self.build = build
    }

    /// For who looks at a terminal.
    var screen: String {
        var rows = [("Address", settings.localURL.absoluteString), ("Data folder", settings.dataFolder)]
        if let publicURL = settings.publicURL { rows.append(("For others", publicURL.absoluteString)) }
        if settings.databaseURL != nil { rows.append(("Database", "DATABASE_URL")) }
        if let setUpLink {
            rows.append(("Set it up", "\(setUpLink.absoluteString)\n               (works once, for 24 hours)"))
        } else {
            rows.append(("Sign in", signIn.absoluteString))
        }
        if let demo { rows.append(("As", demo)) }
        let table = rows.map { "  \($0.padding(toLength: 13, withPad: " ", startingAt: 0))\($1)" }
        let notes = warnings.map { "  ! \($0)" }
        return
            (["", "Convene \(build.version) is ready.", ""] + table + (notes.isEmpty ? [] : [""] + notes)
            + ["", "Ctrl-C stops it.", ""]).joined(separator: "\n")
    }

    /// For programs, and for whoever finds them in a service's journal.
    var lines: String {
        var lines = ["Convene is ready at \(settings.localURL.absoluteString)"]
        if let setUpLink { lines.append("Set it up at \(setUpLink.absoluteString) (once, within 24 hours)") }
        if let demo { lines.append("Sign in as \(demo)") }
        return lines.joined(separator: "\n")
    }

    /// What will surprise somebody later.
    var warnings: [String] {
        var warnings: [String] = []
        if settings.mail == nil {
            warnings.append(
                "No mail server is set (CONVENE_MAIL_URL): no email is sent, and whoever invites passes the link on."
                    + (settings.isOpenToAll ? " Nobody can sign up by themselves." : ""))
        }
        if settings.publicURL == nil, !settings.isDemo {
            warnings.append(
                "No public address is set (CONVENE_PUBLIC_URL): links begin with \(settings.localURL.absoluteString), "
                    + "which may lead nowhere from other machines.")
        }
        return warnings
    }

    private var signIn: URL { settings.linkBase.appending(path: "sign-in") }

    private var demo: String? {
        settings.isDemo ? "counselor@demo.example with the password \(DemoData.password)" : nil
    }
}
