import Access
import HTTPTypes

// What the caller is told of the errors that any request may meet.

extension AccessError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .signedOut: .notSignedIn
        case .secondFactorRequired:
            Problem(
                status: .unauthorized, code: "second_factor_required", title: "One more step",
                detail: "Enter the code of your authenticator app, or a recovery code.")
        case .notAMember: .notFound
        case .organizationRequired:
            Problem(
                status: .unprocessableContent, code: "organization_required", title: "Which organization?",
                detail: "Name one in the header X-Organization-Id: there are several that you may act in.",
                errors: [FieldError(field: "X-Organization-Id", message: "is required")])
        case .forbidden:
            Problem(
                status: .forbidden, code: "forbidden", title: "Not allowed",
                detail: "Your role in this organization does not allow this. An admin can change that.")
        }
    }
}

extension DatabaseFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .unavailable:
            Problem(
                status: .serviceUnavailable, code: "unavailable", title: "Busy",
                detail: "The database cannot take this now. Nothing was done; try again in a moment.",
                retryAfterSeconds: 1)
        case .outcomeUnknown:
            Problem(
                status: .serviceUnavailable, code: "outcome_unknown", title: "Connection lost",
                detail: "We do not know whether this was done. With an Idempotency-Key it is safe to send it again.",
                retryAfterSeconds: 1)
        }
    }
}

extension StaleVersion: ProblemConvertible {
    package var problem: Problem {
        Problem(
            status: .conflict, code: "stale_version", title: "Changed in the meantime",
            detail: "Somebody has changed this since you read it. Read it again and repeat your change.",
            extra: ["currentVersion": .integer(current)])
    }
}

extension RateLimitReached: ProblemConvertible {
    package var problem: Problem { .tooMany(after: wait) }
}
