import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Organizations themselves.
struct OrganizationRoutes: Sendable {
    let organizations: Organizations
    let members: Members
    let invitations: Invitations

    var endpoints: [Endpoint] { [list, create, one, update, addAdmin] }

    static let organization = Schema.named(
        "Organization",
        .object([
            Schema.required("id", .id), Schema.required("slug", .text), Schema.required("name", .text),
            Schema.required("timeZone", .text, "IANA name."),
            Schema.required("defaultProvider", .enumeration(of: ProviderName.self)), Schema.version,
        ]))

    private static let slug = Schema.pattern(
        "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "must be 1 to 63 of a to z, 0 to 9 and inner hyphens")

    private var list: Endpoint {
        Endpoint(
            method: .get, path: "/api/organizations",
            summary: "The organizations that the caller is a member of; all of them for a super admin. By name.",
            tag: "Organizations", access: .person,
            parameters: [
                .query("search", .text(1...100), "Only those whose name or slug holds this."), .limit, .cursor,
            ],
            responses: [.json(.ok, .page(of: Self.organization), "One page.")]
        ) { call in
            try .json(
                try await organizations.list(
                    named: call.string("search"), after: try call.cursor(), limit: call.limit, as: try call.person()))
        }
    }

    private var create: Endpoint {
        Endpoint(
            method: .post, path: "/api/organizations", summary: "Founds an organization, without members yet.",
            tag: "Organizations", access: .platform,
            body: .json(
                .named(
                    "NewOrganization",
                    .object([
                        Schema.required("name", .line(1...200)), Schema.required("slug", Self.slug),
                        Schema.optional("timeZone", .timeZone, "IANA name; UTC when it is not said."),
                        Schema.optional("defaultProvider", .enumeration(of: ProviderName.self)),
                    ]))),
            responses: [.json(.created, Self.organization, "The organization.")], problems: [.conflict]
        ) { call in
            struct Request: Decodable {
                let name: Line
                let slug: String
                let timeZone: String?
                let defaultProvider: ProviderName?
            }
            let request: Request = try call.decode()
            return try await call.create(at: { "/api/organizations/\($0.id)" }) { key in
                try await organizations.create(
                    slug: request.slug, name: request.name.text, timeZone: request.timeZone ?? "UTC",
                    defaultProvider: request.defaultProvider ?? .zoom, key: key, as: try call.actor())
            }
        }
    }

    private var one: Endpoint {
        Endpoint(
            method: .get, path: "/api/organizations/{organizationId}", summary: "One organization.",
            tag: "Organizations", access: .member, scope: .organizations,
            parameters: [.path("organizationId", note: "The organization's id.")],
            responses: [.json(.ok, Self.organization, "The organization.")]
        ) { call in
            try .json(try await organizations.current(as: try call.actor()))
        }
    }

    private var update: Endpoint {
        Endpoint(
            method: .patch, path: "/api/organizations/{organizationId}",
            summary: "Changes an organization; what is left out stays.", tag: "Organizations", access: .admins,
            scope: .organizations,
            parameters: [.path("organizationId", note: "The organization's id.")],
            body: .json(
                .named(
                    "OrganizationChange",
                    .object([
                        Schema.optional("name", .line(1...200)), Schema.optional("slug", Self.slug),
                        Schema.optional("timeZone", .timeZone, "IANA name."),
                        Schema.optional("defaultProvider", .enumeration(of: ProviderName.self)), Schema.basedOn,
                    ]))),
            responses: [.json(.ok, Self.organization, "As it is now.")], problems: [.conflict]
        ) { call in
            try .json(try await organizations.update(try call.decode(), as: try call.actor()))
        }
    }

    private var addAdmin: Endpoint {
        Endpoint(
            method: .post, path: "/api/organizations/{organizationId}/admins",
            summary: "Makes a member an admin by id, or invites an address to become one.", tag: "Organizations",
            access: .admins, scope: .organizations,
            parameters: [.path("organizationId", note: "The organization's id.")],
            body: .json(
                .named(
                    "NewAdmin",
                    .object([
                        Schema.optional("userId", .id, "A member."),
                        Schema.optional("email", .email, "In place of the id: of somebody who is no member yet."),
                    ]))),
            responses: [
                .json(.ok, MemberRoutes.member, "The member, who is an admin now."),
                .json(.created, InvitationRoutes.invitation, "The invitation that was mailed."),
            ], problems: [.conflict, .tooManyRequests]
        ) { call in
            struct Request: Decodable {
                let userId: UserID?
                let email: EmailAddress?
            }
            let request: Request = try call.decode()
            switch (request.userId, request.email) {
            case (let user?, nil):
                return try .json(try await members.change(user, to: .admin, as: try call.actor()).member)
            case (nil, let email?):
                return try await call.create(showing: InvitationResponse.init) { key in
                    try await invitations.invite(email, as: .admin, key: key, by: try call.actor())
                }
            default:
                throw Problem.invalid([FieldError(field: "userId", message: "or email is required, and not both")])
            }
        }
    }
}
