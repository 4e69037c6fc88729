import HTTPTypes

/// What a page that cannot be shown says in its place.
struct ErrorPage: Sendable {
    let status: Int
    let heading: String
    let detail: String
    let requestId: String?
    /// The way back, since an error page leads nowhere by itself.
    let backHref: String, backLabel: String

    init(_ problem: Problem, requestID: String?) {
        status = problem.status.code
        heading = problem.title
        detail = problem.detail
        requestId = problem.status.code >= 500 ? requestID : nil
        let hasNoWeek = problem.code == Self.noOrganisation.code
        backHref = hasNoWeek ? "/sign-in" : "/week"
        backLabel = hasNoWeek ? "Sign in with another account" : "Go to my week"
    }

    /// For somebody whose account is in no organisation, as that of a platform admin may be.
    static let noOrganisation = Problem(
        status: .forbidden, code: "no_organization", title: "No organisation",
        detail: "Your account is in no organisation yet. Ask one of its admins to add you.")
}
