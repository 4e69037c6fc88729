package import Foundation
package import Identity

/// Something to be told to one person by mail.
package struct Letter: Codable, Sendable, Equatable {
    package var matter: Matter
    package var letterhead: Letterhead
    /// The name of the person it is for, where we know it.
    package var name: String?
    /// IANA's name of the zone that times are told in; UTC when there is none or it is unknown here.
    package var timeZone: String?
    /// The organisation's own subject and introduction, in place of ours. An invitation alone has one.
    package var wording: MessageTemplate?

    package init(
        _ matter: Matter, letterhead: Letterhead = Letterhead(), to name: String? = nil, timeZone: String? = nil,
        wording: MessageTemplate? = nil
    ) {
        self.matter = matter
        self.letterhead = letterhead
        self.name = name
        self.timeZone = timeZone
        self.wording = wording
    }

    /// What it is about. A link that expires is for one use and goes to nobody else.
    package enum Matter: Codable, Sendable, Equatable {
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
        /// From the letterhead's organisation.
        case removed(at: Date)
    }
}

extension Letter.Matter {
    /// When the link stops working.
    var expiry: Date? {
        switch self {
        case .invitation(_, let expires, _, _), .magicLink(_, let expires), .signUp(_, let expires): expires
        case .accountExists, .unfamiliarSignIn, .secondFactorOn, .secondFactorOff, .passwordChanged, .removed: nil
        }
    }
}
