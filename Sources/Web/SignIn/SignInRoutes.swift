import Access
import HTTP
import HTTPTypes
import Identity
import Values

/// Signing in and out, and who one is.
struct SignInRoutes: Sendable {
    let service: SignInService
    let links: SignInLinks
    let profiles: Profiles
    let authentication: Authentication

    var endpoints: [Endpoint] { [token, signIn, magicLink, signOut, me] }

    private struct Credentials: Decodable {
        let email: String
        let password: String
        let code: String?
    }

    private static let code = Schema.optional(
        "code", .text(6...20), "Of the second factor, for those who have it on: the app's, or a recovery code.")

    private static let credentials = Schema.named(
        "Credentials",
        .object([
            Schema.required("email", .text(1...254)), Schema.required("password", .text(1...1024)), code,
        ]))

    static let profile = Schema.named(
        "Profile",
        .object([
            Schema.required("id", .id), Schema.required("email", .text), Schema.required("name", .text),
            Schema.required("timeZone", .text, "IANA name."), Schema.required("locale", .text),
            Schema.required("superAdmin", .boolean, "May look after all organizations of this server."),
            Schema.required(
                "memberships",
                .array(
                    .object([
                        Schema.required("organizationId", .id), Schema.required("organizationName", .text),
                        Schema.required("role", .enumeration(of: Role.self)),
                    ]), count: 0...1000)),
        ]))

    private var token: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/token",
            summary: "An access token for a program: by address and password, or by the refresh token of the last one.",
            tag: "Identity", access: .anyone,
            body: .json(
                .named(
                    "TokenRequest",
                    .object([
                        Schema.optional("email", .text(1...254)), Schema.optional("password", .text(1...1024)),
                        Self.code,
                        Schema.optional(
                            "refreshToken", .text(1...256), "In place of address and password; works once."),
                    ]))),
            responses: [
                .json(
                    .ok,
                    .named(
                        "Token",
                        .object([
                            Schema.required("accessToken", .text),
                            Schema.required("tokenType", .enumeration(["Bearer"])),
                            Schema.required("expiresIn", .integer(1...86400), "Seconds."),
                            Schema.required("refreshToken", .text),
                        ])), "Send the access token as Authorization: Bearer.")
            ], problems: [.unauthorized, .unprocessableContent, .serviceUnavailable]
        ) { request in
            struct Request: Decodable {
                let email: String?
                let password: String?
                let code: String?
                let refreshToken: String?
            }
            struct Token: Encodable {
                let accessToken: String
                let tokenType = "Bearer"
                let expiresIn: Int
                let refreshToken: String?
            }
            let body: Request = try request.decode()
            let issued: SignInService.IssuedTokens
            if let refreshToken = body.refreshToken {
                issued = try await service.refresh(refreshToken)
            } else {
                guard let email = body.email, let password = body.password else {
                    throw Problem.invalid(
                        [("email", body.email), ("password", body.password)].filter { $0.1 == nil }
                            .map { FieldError(field: $0.0, message: "is required") })
                }
                issued = try await whole(
                    Credentials(email: email, password: password, code: body.code), .program, request)
            }
            return try .json(
                Token(
                    accessToken: issued.token, expiresIn: issued.lifetime.wholeSeconds,
                    refreshToken: issued.refreshToken),
                headers: [.cacheControl: "no-store"])
        }
    }

    private var signIn: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/sign-in", summary: "Signs a browser in: sets the cookie.", tag: "Identity",
            access: .anyone, body: .json(Self.credentials),
            responses: [.json(.ok, Self.profile, "Who has signed in.")],
            problems: [.unauthorized, .unprocessableContent, .serviceUnavailable]
        ) { request in
            let credentials: Credentials = try request.decode()
            let issued = try await whole(credentials, .browser, request)
            return try .json(
                try await profiles.of(Person(issued.principal, address: request.address)),
                headers: [.setCookie: authentication.cookie(issued)])
        }
    }

    /// A pass that owes nothing more.
    private func whole(
        _ credentials: Credentials, _ medium: Tokens.Medium, _ request: APIRequest
    ) async throws -> SignInService.IssuedTokens {
        let issued = try await service.signIn(
            email: credentials.email, password: credentials.password, code: credentials.code, through: medium,
            from: request.client)
        guard !issued.needsSecondFactor else {
            try await service.signOut(issued.principal)
            throw AccessError.secondFactorRequired
        }
        return issued
    }

    private var magicLink: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/magic-link",
            summary: "Mails a link that signs in, good for 15 minutes and one use, to anyone who has that address. The "
                + "answer does not tell whether anybody has.",
            tag: "Identity", access: .anyone,
            body: .json(
                .named(
                    "MagicLink",
                    .object([
                        Schema.required("email", .email),
                        Schema.optional("next", .text(1...1000), "A path on this server to go on to."),
                    ]))),
            responses: [.empty(.accepted, "Look into your mail.")], problems: [.conflict]
        ) { request in
            struct Request: Decodable {
                let email: EmailAddress
                let next: String?
            }
            let body: Request = try request.decode()
            try await links.send(
                to: body.email, next: body.next.flatMap { SignInPage.isOurs($0) ? $0 : nil }, from: request.client)
            return .empty(.accepted)
        }
    }

    private var signOut: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/sign-out", summary: "Ends this sign-in, and with it its tokens.",
            tag: "Identity", access: .person, responses: [.empty(.noContent, "Signed out.")]
        ) { request in
            try await service.signOut(try request.signedIn())
            return .empty(headers: [.setCookie: authentication.endedCookie])
        }
    }

    private var me: Endpoint {
        Endpoint(
            method: .get, path: "/api/auth/me", summary: "Who is signed in.", tag: "Identity", access: .person,
            responses: [.json(.ok, Self.profile, "The person and their organizations.")]
        ) { request in
            try .json(try await profiles.of(try request.person()))
        }
    }
}
