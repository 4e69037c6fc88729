package import HTTPTypes

/// Everything there is to say about one endpoint, said once: routing, authorization, validation and the OpenAPI
/// document all read this declaration.
package struct Endpoint: Sendable {
    package let method: HTTPRequest.Method
    /// With `{name}` for each path parameter.
    package let path: String
    /// A sentence.
    package let summary: String
    /// Where the document lists it.
    package let tag: String
    package let access: Access
    /// What a key for programs has to be made for; `nil` where none may go, as to a person's own security.
    package let scope: Scope?
    package let parameters: [Parameter]
    package let body: Body?
    /// By status; every response that is not a problem.
    package let responses: [Response]
    /// The problems that are this endpoint's own, by status; those of access and validation go without saying.
    package let problems: [HTTPResponse.Status]
    /// The members that those problems may have beside the standard ones.
    package let problemMembers: [Schema.Property]
    package let handle: @Sendable (APIRequest) async throws -> Reply

    package init(
        method: HTTPRequest.Method, path: String, summary: String, tag: String, access: Access, scope: Scope? = nil,
        parameters: [Parameter] = [], body: Body? = nil, responses: [Response],
        problems: [HTTPResponse.Status] = [], problemMembers: [Schema.Property] = [],
        handle: @escaping @Sendable (APIRequest) async throws -> Reply
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.tag = tag
        self.access = access
        self.scope = scope
        self.parameters = parameters
        self.body = body
        self.responses = responses
        self.problems = problems
        self.problemMembers = problemMembers
        self.handle = handle
    }
}

extension Endpoint {
    /// What goes without saying: the organization, and the key of whatever is created.
    var impliedParameters: [Parameter] {
        (access.roles.isEmpty || path.contains("{organizationId}") ? [] : [.organization])
            + (takesIdempotencyKey ? [.idempotencyKey] : [])
    }

    /// Whatever somebody creates is created once for each `Idempotency-Key`; its handler says so by
    /// ``APIRequest/create(at:_:)``. Who has not signed in has no keys of their own.
    var takesIdempotencyKey: Bool {
        method == .post && access.needsSignIn && responses.contains { $0.status == .created }
    }
}

extension HTTPRequest.Method {
    /// RFC 9110, 9.2.1.
    var isSafe: Bool { self == .get || self == .head || self == .options }
}
