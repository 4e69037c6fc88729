package import HTTP
import HTTPTypes
import Identity

extension OpenIDError: ProblemConvertible {
    package var problem: Problem {
        let isPassing = advice == .unavailable
        return Problem(
            status: isPassing ? .serviceUnavailable : .conflict, code: advice.rawValue, title: "Not signed in",
            detail: advice.sentence, retryAfterSeconds: isPassing ? 60 : nil)
    }
}

extension UnlinkError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .noSuchAccount: .notFound
        case .lastWayToSignIn:
            Problem(
                status: .conflict, code: "last_way_to_sign_in", title: "The last way to sign in",
                detail: "Without it you could not sign in any more. Set a password or link another account first.")
        }
    }
}
