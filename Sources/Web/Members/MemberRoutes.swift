import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// The people of an organization.
struct MemberRoutes: Sendable {
    let members: Members

    var endpoints: [Endpoint] { [list, readmit, change, remove] }

    static let member = Schema.named(
        "Member",
        .object([
            Schema.required("userId", .id), Schema.required("name", .text), Schema.required("email", .text),
            Schema.required("role", .enumeration(of: Role.self)), Schema.required("timeZone", .text, "IANA name."),
            Schema.version,
            Schema.optional(
                "sessions", commitments,
                "After a change of role: upcoming sessions that they are booked for in another."),
            Schema.optional(
                "endedKeys", .array(.text, count: 0...Int.max),
                "After a change of role: the names of the API keys that ended with the old one."),
        ]))

    private static let commitments = Schema.array(
        .object([
            Schema.required("id", .id), Schema.required("kind", .text), Schema.required("title", .text),
            Schema.required("scheduledAt", .time),
        ]), count: 0...200)

    /// A role that a membership can have.
    static let role = Schema.enumeration(Role.allCases.filter { $0 != .superAdmin }.map(\.rawValue))

    private static let organizationID = Endpoint.Parameter.path("organizationId", note: "The organization's id.")
    private static let userID = Endpoint.Parameter.path("userId", note: "The member's id.")

    private var list: Endpoint {
        Endpoint(
            method: .get, path: "/api/organizations/{organizationId}/members",
            summary: "The members of an organization, by name.", tag: "Organizations",
            access: .members([.superAdmin, .admin, .counselor, .mentor]), scope: .organizations,
            parameters: [
                Self.organizationID, .query("role", Self.role, "Only those of one role."),
                .query("group", .id, "Only those of one group."),
                .query("search", .text(1...100), "Only those whose name or address holds this."), .limit, .cursor,
            ],
            responses: [.json(.ok, .page(of: Self.member), "One page.")]
        ) { call in
            try .json(
                try await members.list(
                    role: call.value("role"), group: call.string("group").flatMap { GroupID($0) },
                    named: call.string("search"), after: try call.cursor(), limit: call.limit, as: try call.actor()))
        }
    }

    private var readmit: Endpoint {
        Endpoint(
            method: .post, path: "/api/organizations/{organizationId}/members",
            summary: "Takes in again somebody who was a member before. New people are invited.",
            tag: "Organizations", access: .admins, scope: .organizations, parameters: [Self.organizationID],
            body: .json(
                .named(
                    "Readmission", .object([Schema.required("userId", .id), Schema.required("role", Self.role)]))),
            responses: [.json(.created, Self.member, "The member.")], problems: [.conflict]
        ) { call in
            struct Request: Decodable {
                let userId: UserID
                let role: Role
            }
            let request: Request = try call.decode()
            return try await call.create { key in
                try await members.readmit(request.userId, as: request.role, key: key, actor: try call.actor())
            }
        }
    }

    private var change: Endpoint {
        Endpoint(
            method: .patch, path: "/api/organizations/{organizationId}/members/{userId}",
            summary: "Gives a member another role, from their next request on; their API keys end.",
            tag: "Organizations",
            access: .admins, scope: .organizations, parameters: [Self.organizationID, Self.userID],
            body: .json(.named("MemberChange", .object([Schema.required("role", Self.role), Schema.basedOn]))),
            responses: [.json(.ok, Self.member, "As they are now.")], problems: [.conflict]
        ) { call in
            struct Request: Decodable { let role: Role, version: Int? }
            let request: Request = try call.decode()
            return try .json(
                try await members.change(
                    try call.id("userId"), to: request.role, from: request.version, as: try call.actor()))
        }
    }

    private var remove: Endpoint {
        Endpoint(
            method: .delete, path: "/api/organizations/{organizationId}/members/{userId}",
            summary: "Takes a member out of the organization; members may take out themselves. What they had booked "
                + "is handed over, and what they teach or attend is listed.",
            tag: "Organizations", access: .member, scope: .organizations,
            parameters: [
                Self.organizationID, Self.userID,
                .query("handOverTo", .id, "An admin or counselor who looks after their upcoming bookings from now on."),
            ],
            responses: [
                .json(
                    .ok,
                    .named(
                        "MemberRemoval",
                        .object([
                            Schema.required("handedOver", .integer(0...Int.max), "Upcoming bookings of theirs."),
                            Schema.required(
                                "sessions", Self.commitments,
                                "Upcoming sessions that they teach or attend: move or cancel these."),
                            Schema.required(
                                "endedKeys", .array(.text, count: 0...Int.max),
                                "The names of their API keys that ended."),
                        ])), "They are out.")
            ], problems: [.conflict]
        ) { call in
            try .json(
                try await members.remove(
                    try call.id("userId"), handingOverTo: call.string("handOverTo").flatMap { UserID($0) },
                    as: try call.actor()))
        }
    }
}
