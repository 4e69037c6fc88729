import HTTP
import Identity
import Values

/// What the form of a new installation shows: what was typed, and what is wrong with it.
struct SetUpPage: Sendable {
    let heading: String
    /// Why nothing comes of it; then there is no form.
    var gone: String?
    var token: String?
    var organization = "", name = "", email = ""
    var organizationError: String?, nameError: String?, emailError: String?, passwordError: String?
    /// `nil` unless all of it was typed as it must be.
    private(set) var founder: SetUp.Founder?

    init(gone: String, heading: String) {
        self.gone = gone
        self.heading = heading
    }

    init(token: String) {
        heading = "Set up Convene"
        self.token = token
    }

    init(_ form: Form, token: String) {
        self.init(token: token)
        organization = form["organization"] ?? ""
        name = form["name"] ?? ""
        email = form["email"] ?? ""
        let password = form["password"] ?? ""
        let zone = form["timeZone"].flatMap { ZoneName.isKnown($0) ? ZoneName.ofToday($0) : nil } ?? "UTC"
        let (title, person, address) = (Self.line(organization), Self.line(name), try? EmailAddress(email))
        if title == nil {
            organizationError = "Enter your organization’s name in one line, with at most 200 characters."
        }
        if person == nil { nameError = "Enter your name in one line, with at most 200 characters." }
        if address == nil { emailError = "Enter an email address, such as ada@example.org." }
        if password.isEmpty { passwordError = "Choose a password." }
        guard let title, let person, let address, !password.isEmpty else { return }
        founder = SetUp.Founder(
            name: person, email: address, password: password, timeZone: zone, organization: title)
    }

    private static func line(_ text: String) -> String? {
        Schema.flaw(inLine: text, of: 1...200) == nil ? (try? Line(text))?.text : nil
    }
}
