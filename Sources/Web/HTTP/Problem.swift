import HTTPTypes

/// A problem document (RFC 9457): what went wrong, for programs by `code` and for people by `detail`.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    /// Stable, snake_case.
    let code: String
    let title: String
    /// What the reader can do about it.
    let detail: String
    var errors: [FieldError] = []
    /// Members beside the standard ones.
    var extra: [String: JSONValue] = [:]
    var retryAfterSeconds: Int?
    /// Only in the log.
    var cause: (any Error)?

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

    static func invalid(_ errors: [FieldError]) -> Problem {
        let told = errors.prefix(FieldError.mostTold).map(\.shortened)
        let fields = told.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
        return Problem(
            status: .unprocessableContent, code: "invalid_request", title: "The request is not valid",
            detail:
                "Correct these fields and send it again: \(fields)\(errors.count > told.count ? "; and others" : "").",
            errors: told)
    }

    static let notFound = Problem(
        status: .notFound, code: "not_found", title: "Not found",
        detail: "There is nothing here that you may see.")

    static let tooSlow = Problem(
        status: .requestTimeout, code: "too_slow", title: "Too slow",
        detail: "The request's body took too long to come. Nothing was done; send it again.")
}

extension Schema {
    /// Of a thing that is changed by naming the version that the change is based on; exact in every JSON reader.
    static let latestVersion = 1 << 53 - 1

    static let problem = Schema.named(
        "Problem",
        .object([
            required("type", .text), required("title", .text), required("status", .integer(100...599)),
            required("detail", .text, "What the reader can do about it."),
            required("code", .text, "Stable, for programs."),
            optional(
                "errors",
                .array(.object([required("field", .text), required("message", .text)]), count: 0...1000)),
            optional("conflicts", .array(.conflict, count: 0...1000)),
            optional("alternatives", .array(.slot, count: 0...3)),
            optional("currentVersion", .integer(0...Schema.latestVersion), "Of a change that came too late."),
            optional(
                "contrasts",
                .array(
                    .object([
                        required("field", .text), required("ratio", .number), required("needed", .number),
                        required("nearest", .text, "The nearest color of the same hue that has enough, as #rrggbb."),
                    ]), count: 0...2), "Of colors that could not be read."),
        ]))
}
