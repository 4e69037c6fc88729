import Access
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Logging
import Values

/// Signing in with an OpenID Connect issuer, and the accounts there that a person is linked with.
struct OpenIDRoutes: Sendable {
    let service: OpenIDService
    let authentication: Authentication

    var endpoints: [Endpoint] { [offered, start, startLinking, callback, identities, unlink] }

    private static let slug = Endpoint.Parameter.path("issuer", .text(1...32), note: "Its `slug`.")

    private static let next = Endpoint.Parameter.query(
        "next", .text(1...2048), "The path here that follows; `/week` when it is not said.")

    private var offered: Endpoint {
        Endpoint(
            method: .get, path: "/api/auth/oidc", summary: "With whom one can sign in.", tag: "Identity",
            access: .anyone,
            responses: [
                .json(
                    .ok,
                    .page(
                        of: .named(
                            "OpenIDIssuer",
                            .object([
                                Schema.required("slug", .text), Schema.required("name", .text, "For its button."),
                            ]))), "In the order of their buttons.")
            ]
        ) { request in
            struct Issuer: Encodable {
                let slug: String, name: String
            }
            let issuers = service.issuers.map { Issuer(slug: $0.slug, name: $0.name) }
            return try .json(Page(issuers, limit: issuers.count) { Cursor(key: $0.slug, id: UUID()) })
        }
    }

    /// Signs in and never links: any site can send a browser here, and then nothing comes of it but that its owner
    /// signs in as themselves.
    private var start: Endpoint {
        Endpoint(
            method: .get, path: "/api/auth/oidc/{issuer}/start", summary: "Sends a browser to the issuer to sign in.",
            tag: "Identity", access: .anyone,
            parameters: [
                Self.slug, Self.next,
                .query("invitation", .text(1...256), "The token of the invitation that brought them."),
            ],
            responses: [.empty(.seeOther, "To the issuer, or to the sign-in page with an `error`.")]
        ) { request in
            let slug = try slug(of: request)
            do {
                let departure = try await service.begin(
                    slug, next: try next(of: request), invitation: request.string("invitation"), from: request.client)
                return .redirect(
                    to: departure.address, headers: [.setCookie: cookie(departure.browser, maxAge: .minutes(10))])
            } catch let error as OpenIDError {
                return refusal(error, from: nil, slug, request)
            }
        }
    }

    /// By `POST` with the form token, like everything that changes an account: a link that another site could follow
    /// would tie the attacker's account there to the victim's here. It answers the address instead of redirecting,
    /// since the pages' `form-action 'self'` keeps forms from leading elsewhere.
    private var startLinking: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/oidc/{issuer}/start",
            summary: "Begins to link an account at the issuer with one's own; in a browser.", tag: "Identity",
            access: .person, parameters: [Self.slug, Self.next],
            responses: [
                .json(
                    .ok,
                    .named(
                        "AuthorizationRequest",
                        .object([Schema.required("location", .text, "Where the browser goes next.")])),
                    "With a cookie that only this browser has.")
            ]
        ) { request in
            struct CallbackParameters: Encodable { let location: String }
            let departure = try await service.begin(
                try slug(of: request), next: try next(of: request), linking: try request.person(),
                from: request.client)
            return try .json(
                CallbackParameters(location: departure.address),
                headers: [.setCookie: cookie(departure.browser, maxAge: .minutes(10))])
        }
    }

    private var callback: Endpoint {
        Endpoint(
            method: .get, path: "/api/auth/oidc/{issuer}/callback",
            summary: "Where the issuer sends the browser back to.", tag: "Identity", access: .anyone,
            parameters: [
                Self.slug, .query("state", .text(0...4096), "As it was sent there."),
                .query("code", .text(0...4096), "To be exchanged."),
                .query("iss", .text(0...4096), "The issuer's name (RFC 9207)."),
                .query("error", .text(0...4096), "Why not."),
            ],
            responses: [.empty(.seeOther, "To the path that was wanted, signed in; or to a page with an `error`.")],
            problems: [.serviceUnavailable]
        ) { request in
            let slug = try slug(of: request)
            var callback = OpenIDService.Callback()
            callback.state = request.string("state")
            callback.code = request.string("code")
            callback.error = request.string("error")
            callback.iss = request.string("iss")
            callback.browser = Cookies(from: request.headers[values: .cookie])[cookieName]?.value
            callback.person = await authentication.principal(inCookiesOf: request.headers).map {
                Person($0, address: request.address)
            }
            callback.origin = request.client
            do {
                let outcome = try await service.finish(slug, callback)
                var cookies = [cookie("", maxAge: .zero)]
                let next: String
                switch outcome {
                case .linked(let path): next = path
                case .signedIn(let pass, let path):
                    next = path
                    cookies.append(authentication.cookie(pass))
                }
                var reply = Reply.redirect(to: next)
                reply.headers[values: .setCookie] = cookies
                return reply
            } catch let error as OpenIDService.Refusal {
                return refusal(error.reason, from: error.origin, slug, request)
            }
        }
    }

    private var identities: Endpoint {
        Endpoint(
            method: .get, path: "/api/auth/identities", summary: "The accounts elsewhere that sign one in here.",
            tag: "Identity", access: .person,
            responses: [
                .json(
                    .ok,
                    .page(
                        of: .named(
                            "LinkedIdentity",
                            .object([
                                Schema.required("id", .id), Schema.required("issuer", .text, "Its address."),
                                Schema.required("issuerName", .text), Schema.required("email", .nullable(.text)),
                                Schema.required("linkedAt", .time), Schema.required("lastUsedAt", .nullable(.time)),
                            ]))), "All of them, oldest first.")
            ]
        ) { request in
            struct Identity: Encodable {
                let id: OpenIDAccountID, issuer: String, issuerName: String, email: String?, linkedAt: Date
                let lastUsedAt: Date?

                enum CodingKeys: CodingKey { case id, issuer, issuerName, email, linkedAt, lastUsedAt }

                func encode(to encoder: any Encoder) throws {
                    var container = encoder.container(keyedBy: CodingKeys.self)
                    try container.encode(id, forKey: .id)
                    try container.encode(issuer, forKey: .issuer)
                    try container.encode(issuerName, forKey: .issuerName)
                    try container.encode(email, forKey: .email)
                    try container.encode(linkedAt, forKey: .linkedAt)
                    try container.encode(lastUsedAt, forKey: .lastUsedAt)
                }
            }
            let names = Dictionary(service.issuers.map { ($0.identifier, $0.name) }) { first, _ in first }
            let found = try await service.accounts.list(of: try request.person()).map {
                Identity(
                    id: $0.id, issuer: $0.issuer, issuerName: names[$0.issuer] ?? $0.issuer, email: $0.email,
                    linkedAt: $0.linkedAt, lastUsedAt: $0.lastUsedAt)
            }
            return try .json(Page(found, limit: found.count) { Cursor(moment: $0.linkedAt, id: $0.id.uuid) })
        }
    }

    private var unlink: Endpoint {
        Endpoint(
            method: .delete, path: "/api/auth/identities/{id}",
            summary: "Unlinks an account elsewhere, unless it is the last way to sign in.", tag: "Identity",
            access: .person, parameters: [.path("id", note: "The link's id.")],
            responses: [.empty(.noContent, "Unlinked.")], problems: [.conflict]
        ) { request in
            try await service.accounts.unlink(try request.id("id"), of: try request.person())
            return .empty()
        }
    }

    // MARK: What they share

    /// - Throws: 404 for an issuer that is not offered.
    private func slug(of request: APIRequest) throws -> String {
        guard let slug = request.string("issuer"), service.offers(slug) else { throw Problem.notFound }
        return slug
    }

    /// - Throws: 422 for anything but a path of ours: nobody is sent elsewhere after signing in.
    private func next(of request: APIRequest) throws -> String {
        let next = request.string("next") ?? "/week"
        guard SignInPage.isOurs(next) else {
            throw Problem.invalid([FieldError(field: "next", message: "must be a path on this server")])
        }
        return next
    }

    /// The log gets the reason, the person a sentence: on the sign-in page, or where they were when they are signed in.
    private func refusal(_ error: OpenIDError, from origin: String?, _ slug: String, _ request: APIRequest) -> Reply {
        request.logger.notice("openid refused", metadata: ["issuer": "\(slug)", "reason": "\(error)"])
        let page = origin ?? "/sign-in"
        return .redirect(
            to: page + (page.contains("?") ? "&" : "?") + "error=" + error.advice.rawValue,
            headers: [.setCookie: cookie("", maxAge: .zero)])
    }

    /// With https the name keeps the cookie to this host, so that no neighboring one can put its own there
    /// (RFC 6265bis, 4.1.3.2).
    private var cookieName: String { authentication.isSecure ? "__Host-convene_oidc" : "convene_oidc" }

    /// Ties a flow to the browser that began it, so that nobody is signed in by somebody else's answer (RFC 9700, 4.7).
    private func cookie(_ value: String, maxAge: Duration) -> String {
        "\(cookieName)=\(value); Max-Age=\(maxAge.wholeSeconds); HttpOnly; SameSite=Lax; "
            + (authentication.isSecure ? "Path=/; Secure" : "Path=/api/auth/oidc")
    }
}
