import Durable
import Values

extension RateLimit {
    /// A code of somebody's second factor.
    static func code(of user: UserID) -> RateLimit { RateLimit("code/\(user)", 5, refill: .minutes(1)) }

    /// Mail to one address that anybody may ask for.
    static func mail(to address: EmailAddress) -> RateLimit {
        RateLimit("mail/\(digest(address.text))", 3, refill: .minutes(5))
    }

    /// Asking for such mail, or showing tokens that may be guessed.
    static func asking(from address: String?) -> RateLimit {
        RateLimit("asking/\(network(of: address))", 20, refill: .seconds(15))
    }

    /// Setting out to sign in elsewhere, which comes back when somebody arrives.
    static func openIDStarts(from address: String?) -> RateLimit {
        RateLimit("openIDStarts/\(network(of: address))", 60, refill: .seconds(5))
    }

    static func invitations(of organization: OrganizationID) -> RateLimit {
        RateLimit("invitations/\(organization)", 100, refill: .seconds(36))
    }

    /// Mail addresses are no business of a table of counters. What means one account is written in one way
    /// (``EmailAddress``) before it comes here.
    static func digest(_ text: String) -> String { RandomToken.hash(of: text).prefix(16).hex }
}
