import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Groups of an organization's people.
struct GroupRoutes: Sendable {
    let groups: Groups

    var endpoints: [Endpoint] { [list, create, rename, delete, add, remove] }

    private static let group = Schema.named(
        "Group",
        .object([
            Schema.required("id", .id), Schema.required("name", .text),
            Schema.required("memberCount", .integer(0...Int.max)), Schema.required("createdAt", .time), Schema.version,
        ]))

    private static let name = Schema.named("GroupName", .object([Schema.required("name", .line(1...100))]))
    private static let newName = Schema.named(
        "GroupChange", .object([Schema.required("name", .line(1...100)), Schema.basedOn]))
    private struct Name: Decodable { let name: Line, version: Int? }

    private static let organizationID = Endpoint.Parameter.path("organizationId", note: "The organization's id.")
    private static let groupID = Endpoint.Parameter.path("groupId", note: "The group's id.")
    private static let userID = Endpoint.Parameter.path("userId", note: "The member's id.")
    private static let path = "/api/organizations/{organizationId}/groups"

    private var list: Endpoint {
        Endpoint(
            method: .get, path: Self.path, summary: "The groups of an organization, by name.", tag: "Organizations",
            access: .members([.superAdmin, .admin, .counselor, .mentor]), scope: .organizations,
            parameters: [Self.organizationID, .limit, .cursor],
            responses: [.json(.ok, .page(of: Self.group), "One page.")]
        ) { call in
            try .json(try await groups.list(after: try call.cursor(), limit: call.limit, as: try call.actor()))
        }
    }

    private var create: Endpoint {
        Endpoint(
            method: .post, path: Self.path, summary: "Makes a group.", tag: "Organizations", access: .admins,
            scope: .organizations,
            parameters: [Self.organizationID], body: .json(Self.name),
            responses: [.json(.created, Self.group, "The group.")], problems: [.conflict]
        ) { call in
            let request: Name = try call.decode()
            return try await call.create { key in
                try await groups.create(name: request.name.text, key: key, as: try call.actor())
            }
        }
    }

    private var rename: Endpoint {
        Endpoint(
            method: .patch, path: Self.path + "/{groupId}", summary: "Renames a group.", tag: "Organizations",
            access: .admins, scope: .organizations, parameters: [Self.organizationID, Self.groupID],
            body: .json(Self.newName),
            responses: [.empty(.noContent, "It is renamed.")], problems: [.conflict]
        ) { call in
            let request: Name = try call.decode()
            try await groups.rename(
                try call.id("groupId"), to: request.name.text, from: request.version, as: try call.actor())
            return .empty()
        }
    }

    private var delete: Endpoint {
        Endpoint(
            method: .delete, path: Self.path + "/{groupId}", summary: "Takes a group away; its people stay.",
            tag: "Organizations", access: .admins, scope: .organizations,
            parameters: [Self.organizationID, Self.groupID],
            responses: [.empty(.noContent, "It is gone.")]
        ) { call in
            try await groups.delete(try call.id("groupId"), as: try call.actor())
            return .empty()
        }
    }

    private var add: Endpoint {
        Endpoint(
            method: .put, path: Self.path + "/{groupId}/members/{userId}", summary: "Puts a member into a group.",
            tag: "Organizations", access: .admins, scope: .organizations,
            parameters: [Self.organizationID, Self.groupID, Self.userID],
            responses: [.empty(.noContent, "They are in it.")]
        ) { call in
            try await groups.add(try call.id("userId"), to: try call.id("groupId"), as: try call.actor())
            return .empty()
        }
    }

    private var remove: Endpoint {
        Endpoint(
            method: .delete, path: Self.path + "/{groupId}/members/{userId}", summary: "Takes a member out of a group.",
            tag: "Organizations", access: .admins, scope: .organizations,
            parameters: [Self.organizationID, Self.groupID, Self.userID],
            responses: [.empty(.noContent, "They are not in it.")]
        ) { call in
            try await groups.remove(try call.id("userId"), from: try call.id("groupId"), as: try call.actor())
            return .empty()
        }
    }
}
