package import Branding
package import Foundation

/// Something to be told to one person by mail.
package struct Mail: Codable, Sendable, Equatable {
    package var kind: Kind
    package var branding: MailBranding
    /// The name of the person it is for, where we know it.
    package var name: String?
    /// IANA's name of the zone that times are told in; UTC when there is none or it is unknown here.
    package var timeZone: String?
    /// The organization's own subject and introduction, in place of ours. An invitation alone has one.
    package var wording: MessageTemplate?

    package init(
        _ kind: Kind, branding: MailBranding = MailBranding(), to name: String? = nil, timeZone: String? = nil,
        wording: MessageTemplate? = nil
    ) {
        self.kind = kind
        self.branding = branding
        self.name = name
        self.timeZone = timeZone
        self.wording = wording
    }

    /// What it is about. A link that expires is for one use and goes to nobody else.
    package enum Kind: Codable, Sendable, Equatable {
        /// - Parameters:
        ///   - inviter: The name of whoever invites.
        ///   - role: In words, such as `mentor`.
        case invitation(link: URL, expires: Date, inviter: String?, role: String?)
        /// To sign in with.
        case magicLink(link: URL, expires: Date)
        /// To confirm the address with.
        case signUp(link: URL, expires: Date)
        /// Somebody wanted to sign up with the address of an account. The link is the sign-in page's.
        case accountExists(link: URL)
        /// - Parameters:
        ///   - address: The IP address.
        ///   - device: The browser and system, where they are known.
        ///   - link: The page where sign-ins are ended.
        case unfamiliarSignIn(at: Date, address: String, device: String?, link: URL)
        case secondFactorOn(at: Date, address: String?, link: URL)
        case secondFactorOff(at: Date, address: String?, link: URL)
        case passwordChanged(at: Date, address: String?, link: URL)
        /// From the branding's organization.
        case removed(at: Date)
    }
}

extension Mail.Kind {
    /// When the link stops working.
    var expiry: Date? {
        switch self {
        case .invitation(_, let expires, _, _), .magicLink(_, let expires), .signUp(_, let expires): expires
        case .accountExists, .unfamiliarSignIn, .secondFactorOn, .secondFactorOff, .passwordChanged, .removed: nil
        }
    }
}
