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

    private static let userID = Endpoint.Parameter.path("userId", note: "The member's id.")

    private var list: Endpoint {
        .ofOrganization(
            .get, "/members",
            summary: "The members of an organization, by name.",
            access: .members([.superAdmin, .admin, .counselor, .mentor]),
            parameters: [
                .query("role", .array(Self.role, count: 1...4), "Only those of one role, or of one of several."),
                .query("group", .id, "Only those of one group."),
                .query("outside", .id, "Only those who are not in this group."),
                .query("users", .array(.id, count: 1...100), "Only those of these who are members."),
                .query(
                    "search", .text(1...100),
                    "Only those whose name or address holds this, without regard to case and accents; those first whose "
                        + "name begins with it."), .limit, .cursor,
            ],
            responses: [.json(.ok, .page(of: Self.member), "One page.")]
        ) { request in
            try .json(
                try await members.list(
                    Self.filter(request), after: try request.cursor(), limit: request.limit, as: try request.actor()))
        }
    }

    private static func filter(_ request: APIRequest) -> MemberFilter {
        let roles = request.strings("role").compactMap { Role(rawValue: $0) }
        let people = request.strings("users").compactMap { UserID($0) }
        return MemberFilter(
            roles: roles.isEmpty ? nil : roles, group: request.string("group").flatMap { GroupID($0) },
            outside: request.string("outside").flatMap { GroupID($0) }, people: people.isEmpty ? nil : people,
            text: request.string("search"))
    }

    private var readmit: Endpoint {
        .ofOrganization(
            .post, "/members",
            summary: "Takes in again somebody who was a member before. New people are invited.",
            body: .json(
                .named(
                    "Readmission", .object([Schema.required("userId", .id), Schema.required("role", Self.role)]))),
            responses: [.json(.created, Self.member, "The member.")], problems: [.conflict]
        ) { request in
            struct Request: Decodable {
                let userId: UserID
                let role: Role
            }
            let body: Request = try request.decode()
            return try await request.create { key in
                try await members.readmit(body.userId, as: body.role, key: key, actor: try request.actor())
            }
        }
    }

    private var change: Endpoint {
        .ofOrganization(
            .patch, "/members/{userId}",
            summary: "Gives a member another role, from their next request on; their API keys end.",
            parameters: [Self.userID],
            body: .json(.named("MemberChange", .object([Schema.required("role", Self.role), Schema.basedOn]))),
            responses: [.json(.ok, Self.member, "As they are now.")], problems: [.conflict]
        ) { request in
            struct Request: Decodable { let role: Role, version: Int? }
            let body: Request = try request.decode()
            return try .json(
                try await members.change(
                    try request.id("userId"), to: body.role, from: body.version, as: try request.actor()))
        }
    }

    private var remove: Endpoint {
        .ofOrganization(
            .delete, "/members/{userId}",
            summary: "Takes a member out of the organization; members may take out themselves. What they had booked "
                + "is handed over, and what they teach or attend is listed.", access: .member,
            parameters: [
                Self.userID,
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
        ) { request in
            try .json(
                try await members.remove(
                    try request.id("userId"), handingOverTo: request.string("handOverTo").flatMap { UserID($0) },
                    as: try request.actor()))
        }
    }
}
