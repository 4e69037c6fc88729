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
        ) { request in
            try .json(
                try await organizations.list(
                    named: request.string("search"), after: try request.cursor(), limit: request.limit,
                    as: try request.person()))
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
        ) { request in
            struct Request: Decodable {
                let name: Line
                let slug: String
                let timeZone: String?
                let defaultProvider: ProviderName?
            }
            let body: Request = try request.decode()
            return try await request.create(at: { "/api/organizations/\($0.id)" }) { key in
                try await organizations.create(
                    slug: body.slug, name: body.name.text, timeZone: body.timeZone ?? "UTC",
                    defaultProvider: body.defaultProvider ?? .zoom, key: key, as: try request.actor())
            }
        }
    }

    private var one: Endpoint {
        .ofOrganization(
            .get, summary: "One organization.", access: .member,
            responses: [.json(.ok, Self.organization, "The organization.")]
        ) { request in
            try .json(try await organizations.current(as: try request.actor()))
        }
    }

    private var update: Endpoint {
        .ofOrganization(
            .patch,
            summary: "Changes an organization; what is left out stays.",
            body: .json(
                .named(
                    "OrganizationChange",
                    .object([
                        Schema.optional("name", .line(1...200)), Schema.optional("slug", Self.slug),
                        Schema.optional("timeZone", .timeZone, "IANA name."),
                        Schema.optional("defaultProvider", .enumeration(of: ProviderName.self)), Schema.basedOn,
                    ]))),
            responses: [.json(.ok, Self.organization, "As it is now.")], problems: [.conflict]
        ) { request in
            try .json(try await organizations.update(try request.decode(), as: try request.actor()))
        }
    }

    private var addAdmin: Endpoint {
        .ofOrganization(
            .post, "/admins",
            summary: "Makes a member an admin by id, or invites an address to become one.",
            body: .json(
                .named(
                    "NewAdmin",
                    .object([
                        Schema.optional("userId", .id, "A member."),
                        Schema.optional("email", .email, "In place of the id: of somebody who is no member yet."),
                    ]))),
            responses: [
                .json(.ok, MemberRoutes.member, "The member, who is an admin now."),
                .json(.created, InvitationRoutes.invitation, "The invitation, as it was made."),
            ], problems: [.conflict, .tooManyRequests]
        ) { request in
            struct Request: Decodable {
                let userId: UserID?
                let email: EmailAddress?
            }
            let body: Request = try request.decode()
            switch (body.userId, body.email) {
            case (let user?, nil):
                return try .json(try await members.change(user, to: .admin, as: try request.actor()).member)
            case (nil, let email?):
                return try await request.create(showing: InvitationResponse.init) { key in
                    try await invitations.invite(email, as: .admin, key: key, by: try request.actor())
                }
            default:
                throw Problem.invalid([FieldError(field: "userId", message: "or email is required, and not both")])
            }
        }
    }
}
