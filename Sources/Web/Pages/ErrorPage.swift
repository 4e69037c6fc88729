import HTTP
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
        backHref = "/week"
        backLabel = "Go to my week"
    }
}
