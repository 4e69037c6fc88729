package import Access
import Foundation
package import HTTPTypes
import Values

/// Everything there is to say about one endpoint, said once: routing, authorization, validation and the OpenAPI
/// document all read this declaration.
package struct Endpoint: Sendable {
    package let method: HTTPRequest.Method
    /// With `{name}` for each path parameter.
    package let path: String
    /// A sentence.
    package let summary: String
    package let tag: String
    package let access: Access
    package var parameters: [Parameter] = []
    package var body: Schema?
    /// By status; every answer that is not a problem.
    package let responses: [Response]
    /// The problems that are this endpoint's own, by status; those of access and validation go without saying.
    package var problems: [HTTPResponse.Status] = []
    /// The members that those problems may have beside the standard ones.
    package var problemMembers: [Schema.Property] = []
    package let handle: @Sendable (APIRequest) async throws -> Reply

    package init(
        method: HTTPRequest.Method, path: String, summary: String, tag: String, access: Access,
        parameters: [Parameter] = [], body: Schema? = nil, responses: [Response],
        problems: [HTTPResponse.Status] = [], problemMembers: [Schema.Property] = [],
        handle: @escaping @Sendable (APIRequest) async throws -> Reply
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.tag = tag
        self.access = access
        self.parameters = parameters
        self.body = body
        self.responses = responses
        self.problems = problems
        self.problemMembers = problemMembers
        self.handle = handle
    }

    /// Who may.
    package enum Access: Sendable, Equatable {
        case anyone
        /// Anyone who is signed in, in whatever organization.
        case person
        /// Members with one of these roles, checked by the database in the round trip that does the work.
        case members([Role])

        /// Super admins, outside any organization.
        case platform
        /// Admins, in their organization; and super admins, who see all of them when they name none.
        case adminsOrPlatform

        /// Those who may in an organization.
        package var roles: [Role] {
            switch self {
            case .anyone, .person, .platform: []
            case .members(let roles): roles
            case .adminsOrPlatform: [.superAdmin, .admin]
            }
        }

        /// Everybody for whom a role opens the door, inside an organization or outside.
        package var allRoles: [Role] { self == .platform ? [.superAdmin] : roles }

        package var isForPlatform: Bool { self == .platform || self == .adminsOrPlatform }

        package static let staff = Access.members([.superAdmin, .admin, .counselor])
        package static let member = Access.members(Role.allCases)
        package static let admins = Access.members([.superAdmin, .admin])
    }

    package struct Parameter: Sendable {
        package enum Place: String, Sendable { case path, query, header }
        package let name: String
        package let place: Place
        package let schema: Schema
        package let note: String
        package var isRequired: Bool { place == .path }

        package static func path(_ name: String, _ schema: Schema = .id, note: String) -> Parameter {
            Parameter(name: name, place: .path, schema: schema, note: note)
        }

        package static func query(_ name: String, _ schema: Schema, _ note: String) -> Parameter {
            Parameter(name: name, place: .query, schema: schema, note: note)
        }

        package static func header(_ name: String, _ schema: Schema, _ note: String) -> Parameter {
            Parameter(name: name, place: .header, schema: schema, note: note)
        }

        package static let limit = query("limit", .integer(1...200), "How many at most; 50 when it is not said.")
        package static let cursor = query("cursor", .text(1...1024), "`nextCursor` of the page before.")
        package static let idempotencyKey = header(
            "Idempotency-Key", .text(1...255),
            "Makes the request happen once: sent again with the same body it gives the first answer, for 24 hours. "
                + "Refusals are not kept, since nothing was done.")
        package static let organization = header(
            "X-Organization-Id", .id, "Which organization, for members of several.")
        /// A browser's `EventSource` cannot send headers.
        package static let streamOrganization = query(
            "organization", .id, "The same as X-Organization-Id, which goes before it.")
    }

    package struct Response: Sendable {
        package let status: HTTPResponse.Status
        package let note: String
        /// `nil`: no body.
        package let content: Content?

        package enum Content: Sendable {
            case json(Schema)
            case text(type: String)
        }

        package static func json(_ status: HTTPResponse.Status, _ schema: Schema, _ note: String) -> Response {
            Response(status: status, note: note, content: .json(schema))
        }

        package static func empty(_ status: HTTPResponse.Status, _ note: String) -> Response {
            Response(status: status, note: note, content: nil)
        }

        package static func text(_ status: HTTPResponse.Status, type: String, _ note: String) -> Response {
            Response(status: status, note: note, content: .text(type: type))
        }
    }
}
