import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Signing up: by an invitation, or to found an organization.
struct JoiningRoutes: Sendable {
    let joining: Joining
    let profiles: Profiles
    let authentication: Authentication

    var endpoints: [Endpoint] { [offer, acceptAsNew, accept, signUp] }

    private static let token = Schema.text(1...128)

    private var offer: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/invitations/offer", summary: "What an invitation is for.", tag: "Identity",
            access: .anyone, body: .json(.named("InvitationToken", .object([Schema.required("token", Self.token)]))),
            responses: [
                .json(
                    .ok,
                    .named(
                        "InvitationOffer",
                        .object([
                            Schema.optional("organizationId", .id),
                            Schema.optional("organizationName", .text, "To join or to found; absent for the platform."),
                            Schema.required("email", .text), Schema.required("role", .enumeration(of: Role.self)),
                            Schema.optional("inviter", .text), Schema.required("expiresAt", .time),
                            Schema.required("hasAccount", .boolean, "Sign in to it to accept."),
                        ])), "The invitation is open.")
            ], problems: [.notFound, .tooManyRequests]
        ) { request in
            struct Request: Decodable { let token: String }
            let body: Request = try request.decode()
            return try .json(try await joining.offer(for: body.token, from: request.client))
        }
    }

    private var acceptAsNew: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/invitations/sign-up",
            summary: "Accepts an invitation with a new account, and signs in.", tag: "Identity", access: .anyone,
            body: .json(
                .named(
                    "NewAccount",
                    .object([
                        Schema.required("token", Self.token), Schema.required("name", .line(1...200)),
                        Schema.required("password", .text(1...1024), "At least 12 characters, and none that many use."),
                        Schema.optional("timeZone", .timeZone, "IANA name."),
                    ]))),
            responses: [.json(.created, SignInRoutes.profile, "Who has joined; the cookie is set.")],
            problems: [.notFound, .conflict, .tooManyRequests]
        ) { request in
            struct Request: Decodable {
                let token: String
                let name: Line
                let password: String
                let timeZone: String?
            }
            let body: Request = try request.decode()
            let pass = try await joining.accept(
                body.token,
                asNew: Joining.NewAccount(
                    name: body.name.text, password: body.password,
                    timeZone: ZoneName.ofToday(body.timeZone ?? "UTC")),
                from: request.client)
            return try .json(
                try await profiles.of(Person(pass.principal, address: request.address)), status: .created,
                headers: [.setCookie: authentication.cookie(pass)])
        }
    }

    private var accept: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/invitations/accept",
            summary: "Accepts an invitation to the address of the signed-in account.", tag: "Identity",
            access: .person, body: .json(.named("InvitationToken", .object([Schema.required("token", Self.token)]))),
            responses: [.json(.ok, SignInRoutes.profile, "With the new membership.")],
            problems: [.notFound, .forbidden, .conflict]
        ) { request in
            struct Request: Decodable { let token: String }
            let body: Request = try request.decode()
            try await joining.accept(body.token, as: try request.person())
            return try .json(try await profiles.of(try request.person()))
        }
    }

    private var signUp: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/sign-up",
            summary: "Mails a way to found an organization, where the installation lets anybody do so. The answer "
                + "does not tell whether the address has an account.",
            tag: "Identity", access: .anyone,
            body: .json(
                .named(
                    "SignUp",
                    .object([Schema.required("email", .email), Schema.required("organizationName", .line(1...200))]))),
            responses: [.empty(.accepted, "Look into your mail.")],
            problems: [.forbidden, .conflict, .tooManyRequests]
        ) { request in
            struct Request: Decodable {
                let email: EmailAddress
                let organizationName: Line
            }
            let body: Request = try request.decode()
            try await joining.signUp(body.email, founding: body.organizationName.text, from: request.client)
            return .empty(.accepted)
        }
    }
}
