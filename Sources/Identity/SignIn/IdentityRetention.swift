package import Durable
import Postgres
import Values

/// What signing in and being invited leaves behind and nobody asks for any more.
package enum IdentityRetention {
    /// For ``RetentionJob``, as `convene_worker`.
    package static var retentions: [Retention] {
        [
            Retention(
                "sign-in links", in: "sign_in_links",
                where: "expires_at < \(Retention.past(.hours(24)))"),
            Retention(
                "OpenID flows", in: "openid_flows", where: "expires_at < \(Retention.past(.zero))"),
            // Longer than the sign-in they belong to lives without being used.
            Retention(
                "spent refresh tokens", in: "spent_refresh_tokens",
                where: "spent_at < \(Retention.past(.hours(30 * 24)))"),
            // Whoever signs in from an address that they had used before is not told of it: that is forgotten then.
            Retention(
                "sign-ins that have ended", in: "sign_ins",
                where: "least(ended_at, expires_at) < \(Retention.past(.hours(90 * 24)))"),
            Retention(
                "invitations to found an organization", in: "invitations",
                where: """
                    founds IS NOT NULL AND accepted_at IS NULL AND expires_at < \(Retention.past(.hours(30 * 24)))
                    """),
        ]
    }
}
