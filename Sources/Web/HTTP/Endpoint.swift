import Access
import Foundation
import HTTPTypes
import Values

/// Everything there is to say about one endpoint, said once: routing, authorization, validation and the OpenAPI
/// document all read this declaration.
struct Endpoint: Sendable {
    let method: HTTPRequest.Method
    /// With `{name}` for each path parameter.
    let path: String
    /// A sentence.
    let summary: String
    let tag: String
    let access: Access
    var parameters: [Parameter] = []
    var body: Schema?
    /// By status; every answer that is not a problem.
    let responses: [Response]
    /// The problems that are this endpoint's own, by status; those of access and validation go without saying.
    var problems: [HTTPResponse.Status] = []
    let handle: @Sendable (APIRequest) async throws -> Reply

    /// Who may.
    enum Access: Sendable, Equatable {
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
        var roles: [Role] {
            switch self {
            case .anyone, .person, .platform: []
            case .members(let roles): roles
            case .adminsOrPlatform: [.superAdmin, .admin]
            }
        }

        /// Everybody for whom a role opens the door, inside an organization or outside.
        var allRoles: [Role] { self == .platform ? [.superAdmin] : roles }

        var isForPlatform: Bool { self == .platform || self == .adminsOrPlatform }

        static let staff = Access.members([.superAdmin, .admin, .counselor])
        static let member = Access.members(Role.allCases)
        static let admins = Access.members([.superAdmin, .admin])
    }

    struct Parameter: Sendable {
        enum Place: String, Sendable { case path, query, header }
        let name: String
        let place: Place
        let schema: Schema
        let note: String
        var isRequired: Bool { place == .path }

        static func path(_ name: String, _ schema: Schema = .id, note: String) -> Parameter {
            Parameter(name: name, place: .path, schema: schema, note: note)
        }

        static func query(_ name: String, _ schema: Schema, _ note: String) -> Parameter {
            Parameter(name: name, place: .query, schema: schema, note: note)
        }

        static func header(_ name: String, _ schema: Schema, _ note: String) -> Parameter {
            Parameter(name: name, place: .header, schema: schema, note: note)
        }

        static let limit = query("limit", .integer(1...200), "How many at most; 50 when it is not said.")
        static let cursor = query("cursor", .text(1...1024), "`nextCursor` of the page before.")
        static let idempotencyKey = header(
            "Idempotency-Key", .text(1...255),
            "Makes the request happen once: sent again with the same body it gives the first answer, for 24 hours. "
                + "Refusals are not kept, since nothing was done.")
        static let organization = header(
            "X-Organization-Id", .id, "Which organization, for members of several.")
        /// A browser's `EventSource` cannot send headers.
        static let streamOrganization = query(
            "organization", .id, "The same as X-Organization-Id, which goes before it.")
    }

    struct Response: Sendable {
        let status: HTTPResponse.Status
        let note: String
        /// `nil`: no body.
        let content: Content?

        enum Content: Sendable {
            case json(Schema)
            case text(type: String)
        }

        static func json(_ status: HTTPResponse.Status, _ schema: Schema, _ note: String) -> Response {
            Response(status: status, note: note, content: .json(schema))
        }

        static func empty(_ status: HTTPResponse.Status, _ note: String) -> Response {
            Response(status: status, note: note, content: nil)
        }

        static func text(_ status: HTTPResponse.Status, type: String, _ note: String) -> Response {
            Response(status: status, note: note, content: .text(type: type))
        }
    }
}
