import HTTPTypes
import Identity
import Values

/// The people of an organisation.
struct MemberRoutes: Sendable {
    let members: Members

    var endpoints: [Endpoint] { [list] }

    private var list: Endpoint {
        Endpoint(
            method: .get, path: "/api/organizations/{organizationId}/members",
            summary: "The members of an organisation, by name.", tag: "Organisations",
            access: .members([.superAdmin, .admin, .counselor, .mentor]),
            parameters: [
                .path("organizationId", note: "The organisation's id."),
                .query("role", .enumeration(["admin", "counselor", "mentor", "student"]), "Only those of one role."),
                .limit, .cursor,
            ],
            answers: [
                .json(
                    .ok,
                    .page(
                        of: .named(
                            "Member",
                            .object([
                                Schema.required("userId", .id), Schema.required("name", .text),
                                Schema.required("email", .text), Schema.required("role", .enumeration(of: Role.self)),
                                Schema.required("timeZone", .text, "IANA name."),
                            ]))), "One page.")
            ]
        ) { call in
            try .json(
                try await members.list(
                    role: call.value("role"), after: try call.cursor(), limit: call.limit, as: try call.actor()))
        }
    }
}
