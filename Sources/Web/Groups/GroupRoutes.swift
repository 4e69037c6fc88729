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

    private static let groupID = Endpoint.Parameter.path("groupId", note: "The group's id.")
    private static let userID = Endpoint.Parameter.path("userId", note: "The member's id.")
    private static let path = "/groups"

    private var list: Endpoint {
        .ofOrganization(
            .get, Self.path, summary: "The groups of an organization, by name.",
            access: .members([.superAdmin, .admin, .counselor, .mentor]),
            parameters: [.limit, .cursor],
            responses: [.json(.ok, .page(of: Self.group), "One page.")]
        ) { request in
            try .json(try await groups.list(after: try request.cursor(), limit: request.limit, as: try request.actor()))
        }
    }

    private var create: Endpoint {
        .ofOrganization(
            .post, Self.path, summary: "Makes a group.", body: .json(Self.name),
            responses: [.json(.created, Self.group, "The group.")], problems: [.conflict]
        ) { request in
            let body: Name = try request.decode()
            return try await request.create { key in
                try await groups.create(name: body.name.text, key: key, as: try request.actor())
            }
        }
    }

    private var rename: Endpoint {
        .ofOrganization(
            .patch, Self.path + "/{groupId}", summary: "Renames a group.", parameters: [Self.groupID],
            body: .json(Self.newName),
            responses: [.empty(.noContent, "It is renamed.")], problems: [.conflict]
        ) { request in
            let body: Name = try request.decode()
            try await groups.rename(
                try request.id("groupId"), to: body.name.text, from: body.version, as: try request.actor())
            return .empty()
        }
    }

    private var delete: Endpoint {
        .ofOrganization(
            .delete, Self.path + "/{groupId}", summary: "Takes a group away; its people stay.",
            parameters: [Self.groupID],
            responses: [.empty(.noContent, "It is gone.")]
        ) { request in
            try await groups.delete(try request.id("groupId"), as: try request.actor())
            return .empty()
        }
    }

    private var add: Endpoint {
        .ofOrganization(
            .put, Self.path + "/{groupId}/members/{userId}", summary: "Puts a member into a group.",
            parameters: [Self.groupID, Self.userID],
            responses: [.empty(.noContent, "They are in it.")]
        ) { request in
            try await groups.add(try request.id("userId"), to: try request.id("groupId"), as: try request.actor())
            return .empty()
        }
    }

    private var remove: Endpoint {
        .ofOrganization(
            .delete, Self.path + "/{groupId}/members/{userId}", summary: "Takes a member out of a group.",
            parameters: [Self.groupID, Self.userID],
            responses: [.empty(.noContent, "They are not in it.")]
        ) { request in
            try await groups.remove(try request.id("userId"), from: try request.id("groupId"), as: try request.actor())
            return .empty()
        }
    }
}
