import HTTP
import HTTPTypes

extension Endpoint {
    /// One below `/api/organizations/{organizationId}`.
    /// - Parameters:
    ///   - path: what follows the organization's id, with a slash before it.
    ///   - parameters: beside that id.
    static func ofOrganization(
        _ method: HTTPRequest.Method, _ path: String = "", summary: String, access: Access = .admins,
        parameters: [Parameter] = [], body: Body? = nil, responses: [Response],
        problems: [HTTPResponse.Status] = [], problemMembers: [Schema.Property] = [],
        handle: @escaping @Sendable (APIRequest) async throws -> Reply
    ) -> Endpoint {
        Endpoint(
            method: method, path: "/api/organizations/{organizationId}" + path, summary: summary, tag: "Organizations",
            access: access, scope: .organizations,
            parameters: [.path("organizationId", note: "The organization's id.")] + parameters, body: body,
            responses: responses, problems: problems, problemMembers: problemMembers, handle: handle)
    }
}
