import Foundation
import Identity

/// What the sign-in page shows.
struct SignInPage: Sendable {
    /// A way to sign in elsewhere.
    struct Issuer: Sendable {
        let name: String, address: String
    }

    /// Whom a demo offers, in two parts.
    struct Demo: Sendable {
        let accounts: [DemoOffer.Account], companies: [DemoOffer.Company]
        /// In the second part.
        let more: Int
        let hasMails: Bool
    }

    let next: String
    let email: String?
    let error: String?
    /// Whether somebody can have a link mailed in place of typing a password.
    let mailsLinks: Bool
    let elsewhere: Bool
    let issuers: [Issuer]
    /// What is wrong with the address, for who wants a link mailed.
    let emailError: String?
    /// Neither, where people type.
    let isFresh: Bool
    let canSignUp: Bool
    let demo: Demo?

    init(
        next: String, email: String? = nil, error: String? = nil, emailError: String? = nil, mailsLinks: Bool,
        issuers: [OpenIDIssuer], canSignUp: Bool, demo: DemoOffer?
    ) {
        let escaped = next.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        self.next = next
        self.mailsLinks = mailsLinks
        self.issuers = issuers.map {
            Issuer(name: $0.name, address: "/api/auth/oidc/\($0.slug)/start?next=\(escaped)")
        }
        elsewhere = !issuers.isEmpty
        self.email = email
        self.error = error
        self.emailError = emailError
        // In a demo most people click, and a keyboard that a phone opens by itself would be in their way.
        isFresh = error == nil && emailError == nil && demo == nil
        self.canSignUp = canSignUp
        self.demo = demo.map {
            Demo(
                accounts: $0.first, companies: $0.others, more: $0.accounts.count - $0.first.count,
                hasMails: $0.hasMails)
        }
    }

    /// Where signing in leads: to my week when `path` is nowhere here.
    static func next(_ path: String?) -> String { path.flatMap { isOurs($0) ? $0 : nil } ?? "/week" }

    /// A path on this server: nobody is sent elsewhere from here, nor back to signing in or out.
    static func isOurs(_ path: String) -> Bool {
        path.hasPrefix("/") && !path.hasPrefix("//") && !path.contains("\\")
            && path.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
            && !["sign-in", "sign-out"].contains(path.dropFirst().prefix { !"/?#".contains($0) })
    }
}

extension OpenIDAdvice {
    var sentence: String {
        switch self {
        case .unavailable:
            "The other sign-in service cannot be reached now. Try again later, or sign in another way."
        case .expired: "That took too long, or was begun in another browser. Try again."
        case .cancelled: "You did not finish signing in there. Try again, or sign in another way."
        case .refused: "That sign-in could not be accepted. Try again, or sign in another way."
        case .notLinked:
            "No account here is linked with it. Sign in another way and link it under Security, or open your invitation."
        case .linkedElsewhere: "It is linked with another account here already. Unlink it there first."
        case .notInvited: "This invitation cannot be used with it. Ask for a new one, or sign in another way."
        }
    }
}
