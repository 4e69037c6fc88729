import HTTPTypes
import Hummingbird

/// An error that says itself what the caller is told of it. Each is made one beside the routes of its feature.
package protocol ProblemConvertible: Error {
    var problem: Problem { get }
}

extension Problem: ProblemConvertible {
    package var problem: Problem { self }
}

extension Problem {
    /// What the caller is told of an error. One that says nothing of itself is ours to mend: it is logged in full and
    /// told to nobody.
    package init(_ error: any Error) {
        switch error {
        case let error as any ProblemConvertible: self = error.problem
        case let error as any HTTPResponseError where error.status == .contentTooLarge:
            self.init(
                status: .contentTooLarge, code: "too_large", title: "Too large",
                detail: "The body is larger than this endpoint takes.")
        case let error as HTTPError where error.status.code < 500:
            self.init(
                status: error.status, code: "bad_request", title: error.status.reasonPhrase,
                detail: error.body ?? "The request could not be read.")
        default:
            self.init(
                status: .internalServerError, code: "internal", title: "Something went wrong",
                detail: "This is our mistake, and it has been recorded. Trying again may help.", cause: error)
        }
    }
}
