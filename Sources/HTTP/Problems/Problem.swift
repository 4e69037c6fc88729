package import HTTPTypes
import Values

/// A problem document (RFC 9457): what went wrong, for programs by `code` and for people by `detail`.
package struct Problem: Error, Sendable {
    package let status: HTTPResponse.Status
    /// Stable, snake_case.
    package let code: String
    package let title: String
    /// What the reader can do about it.
    package let detail: String
    package var errors: [FieldError] = []
    /// Members beside the standard ones.
    package var extra: [String: JSONValue] = [:]
    package var retryAfterSeconds: Int?
    /// Only in the log.
    package var cause: (any Error)?

    package init(
        status: HTTPResponse.Status, code: String, title: String, detail: String, errors: [FieldError] = [],
        extra: [String: JSONValue] = [:], retryAfterSeconds: Int? = nil, cause: (any Error)? = nil
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.errors = errors
        self.extra = extra
        self.retryAfterSeconds = retryAfterSeconds
        self.cause = cause
    }

    var body: JSONValue {
        var members = extra
        members["type"] = .string("urn:convene:problem:\(code)")
        members["title"] = .string(title)
        members["status"] = .integer(status.code)
        members["detail"] = .string(detail)
        members["code"] = .string(code)
        if !errors.isEmpty {
            members["errors"] = .array(
                errors.map { .object(["field": .string($0.field), "message": .string($0.message)]) })
        }
        return .object(members)
    }

    package static func invalid(_ errors: [FieldError]) -> Problem {
        let told = errors.prefix(FieldError.mostTold).map(\.shortened)
        let fields = told.map { "\($0.field.isEmpty ? "the body" : $0.field) \($0.message)" }.joined(separator: "; ")
        return Problem(
            status: .unprocessableContent, code: "invalid_request", title: "The request is not valid",
            detail:
                "Correct these fields and send it again: \(fields)\(errors.count > told.count ? "; and others" : "").",
            errors: told)
    }

    package static let notFound = Problem(
        status: .notFound, code: "not_found", title: "Not found",
        detail: "There is nothing here that you may see.")

    package static let notSignedIn = Problem(
        status: .unauthorized, code: "not_signed_in", title: "Not signed in",
        detail: "Sign in and try again.")

    static let notSigned = Problem(
        status: .unauthorized, code: "wrong_signature", title: "Not genuine",
        detail: "The signature is missing, too old or not of this body.")

    package static func tooMany(after wait: Duration) -> Problem {
        let seconds = max(1, wait.wholeSeconds)
        return Problem(
            status: .tooManyRequests, code: "too_many_attempts", title: "Too many attempts",
            detail: "Wait \(seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) minutes") and try again.",
            retryAfterSeconds: seconds)
    }

    static let tooSlow = Problem(
        status: .requestTimeout, code: "too_slow", title: "Too slow",
        detail: "The request's body took too long to come. Nothing was done; send it again.")
}

extension Schema {
    /// Of a thing that is changed by naming the version that the change is based on; exact in every JSON reader.
    package static let latestVersion = 1 << 53 - 1

    /// - Parameter members: those that some problems have beside the standard ones.
    static func problem(with members: [Property]) -> Schema {
        .named(
            "Problem",
            .object(
                [
                    required("type", .text), required("title", .text), required("status", .integer(100...599)),
                    required("detail", .text, "What the reader can do about it."),
                    required("code", .text, "Stable, for programs."),
                    optional(
                        "errors",
                        .array(.object([required("field", .text), required("message", .text)]), count: 0...1000)),
                    optional(
                        "currentVersion", .integer(0...Schema.latestVersion), "Of a change that came too late."),
                ] + members))
    }
}
