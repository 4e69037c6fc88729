import Access
import Foundation
import HTTP
import HTTPTypes
import Identity
import Values

/// Inviting people into an organization.
struct InvitationRoutes: Sendable {
    let invitations: Invitations

    var endpoints: [Endpoint] { [list, invite, resend, revoke] }

    static let invitation = Schema.named(
        "Invitation",
        .object([
            Schema.required("id", .id), Schema.required("email", .text), Schema.required("role", MemberRoutes.role),
            Schema.optional("invitedBy", .text, "The name of who sent it."), Schema.required("createdAt", .time),
            Schema.required("expiresAt", .time), Schema.required("isExpired", .boolean),
            Schema.required("deliveryFailed", .boolean, "Whether its mail was given up. It can be sent again."),
            Schema.optional("deliveryFailureCode", .text, "Why it was given up, for programs."),
            Schema.optional("deliveryFailure", .text, "Why it was given up."),
            Schema.optional(
                "link", .text,
                "For who has just invited, to pass it on: told once, and only without a mail server."),
        ]))

    private static let id = Endpoint.Parameter.path("id", note: "The invitation's id.")
    private static let path = "/invitations"

    private var list: Endpoint {
        .ofOrganization(
            .get, Self.path,
            summary: "Invitations that nobody has accepted or revoked, the newest first.",
            parameters: [.limit, .cursor],
            responses: [.json(.ok, .page(of: Self.invitation), "One page.")]
        ) { request in
            let page = try await invitations.list(
                after: try request.cursor(), limit: request.limit, as: try request.actor())
            return try .json(page.map(InvitationResponse.init))
        }
    }

    private var invite: Endpoint {
        .ofOrganization(
            .post, Self.path,
            summary:
                "Mails somebody a way in, for a week and for one use. The link goes to that address alone; without "
                + "a mail server it is in the answer.",
            body: .json(
                .named(
                    "NewInvitation",
                    .object([Schema.required("email", .email), Schema.required("role", MemberRoutes.role)]))),
            responses: [.json(.created, Self.invitation, "The invitation.")], problems: [.conflict, .tooManyRequests]
        ) { request in
            struct Request: Decodable {
                let email: EmailAddress
                let role: Role
            }
            let body: Request = try request.decode()
            return try await request.create(showing: InvitationResponse.init) { key in
                try await invitations.invite(body.email, as: body.role, key: key, by: try request.actor())
            }
        }
    }

    private var resend: Endpoint {
        .ofOrganization(
            .post, Self.path + "/{id}/resend",
            summary: "Mails an open invitation again, with a new link; the old one ends. Without a mail server the new "
                + "one is in the answer.",
            parameters: [Self.id],
            responses: [.json(.created, Self.invitation, "The invitation in its place.")],
            problems: [.conflict, .tooManyRequests]
        ) { request in
            try await request.create(showing: InvitationResponse.init) { key in
                try await invitations.resend(try request.id("id"), key: key, by: try request.actor())
            }
        }
    }

    private var revoke: Endpoint {
        .ofOrganization(
            .delete, Self.path + "/{id}", summary: "Takes an invitation back.", parameters: [Self.id],
            responses: [.empty(.noContent, "Its link leads nowhere now.")]
        ) { request in
            try await invitations.revoke(try request.id("id"), by: try request.actor())
            return .empty()
        }
    }
}

/// An invitation on the wire.
struct InvitationResponse: Encodable {
    let id: InvitationID
    let email: String
    let role: Role
    let invitedBy: String?
    let createdAt: Date
    let expiresAt: Date
    let isExpired: Bool
    let deliveryFailed: Bool
    let deliveryFailureCode: String?
    let deliveryFailure: String?
    let link: URL?

    init(_ invitation: Invitations.Invitation) {
        id = invitation.id
        email = invitation.email
        role = invitation.role
        invitedBy = invitation.invitedBy
        createdAt = invitation.createdAt
        expiresAt = invitation.expiresAt
        isExpired = invitation.isExpired
        deliveryFailed = invitation.deliveryFailed
        deliveryFailureCode = invitation.deliveryFailure?.code
        deliveryFailure = invitation.deliveryFailure?.sentence
        link = invitation.link
    }
}
