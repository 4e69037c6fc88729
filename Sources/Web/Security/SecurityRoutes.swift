import HTTP
import HTTPTypes
import Identity
import Values

/// What people do about their own security: password, second factor, and where they are signed in.
struct SecurityRoutes: Sendable {
    let credentials: Credentials
    let secondFactors: SecondFactors
    let ownSignIns: OwnSignIns
    let authentication: Authentication

    var endpoints: [Endpoint] {
        [changePassword, state, begin, confirm, switchOff, renewCodes, sessions, endSession, signOutEverywhere]
    }

    /// What proves that it is the person and not somebody at their open browser.
    private static let current = Schema.optional(
        "currentPassword", .text(1...1024),
        "Needed, but for the first ten minutes after signing in without a password.")
    private struct Proof: Decodable { let currentPassword: String? }

    private static let codes = Schema.named(
        "RecoveryCodes",
        .object([
            Schema.required("recoveryCodes", .array(.text, count: 10...10), "Shown this once; each works once.")
        ]))
    private struct Codes: Encodable { let recoveryCodes: [String] }

    private var changePassword: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/password",
            summary: "Sets another password; all other sign-ins end, and all API keys.", tag: "Identity",
            access: .person,
            body: .json(
                .named(
                    "PasswordChange",
                    .object([
                        Self.current,
                        Schema.required(
                            "newPassword", .text(1...1024), "At least 12 characters, and none that many use."),
                    ]))),
            responses: [.empty(.noContent, "It is set.")], problems: [.forbidden, .tooManyRequests]
        ) { request in
            struct Request: Decodable {
                let currentPassword: String?
                let newPassword: String
            }
            let body: Request = try request.decode()
            try await credentials.change(
                password: body.newPassword, current: body.currentPassword, as: try request.person())
            return .empty()
        }
    }

    private var state: Endpoint {
        Endpoint(
            method: .get, path: "/api/auth/second-factor", summary: "Whether the second factor is on.",
            tag: "Identity", access: .person,
            responses: [
                .json(
                    .ok,
                    .named(
                        "SecondFactor",
                        .object([
                            Schema.required("isOn", .boolean), Schema.required("recoveryCodesLeft", .integer(0...10)),
                        ])), "How it is.")
            ]
        ) { request in
            try .json(try await secondFactors.state(as: try request.person()))
        }
    }

    private struct Setup: Encodable {
        let uri: String, secret: String, qrCode: String

        init(_ setup: SecondFactors.Setup) {
            uri = setup.uri
            secret = setup.typed
            qrCode = QRCode.svg(for: setup.uri)
        }
    }

    private var begin: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/second-factor",
            summary: "Begins to set an authenticator app up: answers what it has to scan.", tag: "Identity",
            access: .person, body: .json(.named("Proof", .object([Self.current]))),
            responses: [
                .json(
                    .created,
                    .named(
                        "SecondFactorSetup",
                        .object([
                            Schema.required("uri", .text, "otpauth://, as the QR code holds it."),
                            Schema.required("secret", .text, "Base32, for typing in."),
                            Schema.required("qrCode", .text, "The QR code as SVG."),
                        ])), "Nothing is asked for until it is confirmed with a first code.")
            ], problems: [.conflict, .forbidden, .tooManyRequests]
        ) { request in
            let proof: Proof = try request.decode()
            return try await request.create(showing: Setup.init) { key in
                try await credentials.beginSecondFactor(
                    current: proof.currentPassword, key: key, as: try request.person())
            }
        }
    }

    private var confirm: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/second-factor/confirm",
            summary: "Switches the second factor on with the app's first code; all other sign-ins end, and all keys.",
            tag: "Identity", access: .person,
            body: .json(.named("Code", .object([Schema.required("code", .text(6...20))]))),
            responses: [.json(.ok, Self.codes, "It is on.")], problems: [.conflict, .forbidden, .tooManyRequests]
        ) { request in
            struct Request: Decodable { let code: String }
            let body: Request = try request.decode()
            return try .json(
                Codes(
                    recoveryCodes: try await credentials.switchSecondFactorOn(
                        with: body.code, as: try request.person())))
        }
    }

    private var switchOff: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/second-factor/remove", summary: "Switches the second factor off.",
            tag: "Identity", access: .person, body: .json(.named("Proof", .object([Self.current]))),
            responses: [.empty(.noContent, "It is off.")], problems: [.conflict, .forbidden, .tooManyRequests]
        ) { request in
            let proof: Proof = try request.decode()
            try await credentials.switchSecondFactorOff(current: proof.currentPassword, as: try request.person())
            return .empty()
        }
    }

    private var renewCodes: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/second-factor/recovery-codes",
            summary: "New recovery codes in place of those that are left.", tag: "Identity", access: .person,
            body: .json(.named("Proof", .object([Self.current]))),
            responses: [.json(.ok, Self.codes, "The new ones.")], problems: [.conflict, .forbidden, .tooManyRequests]
        ) { request in
            let proof: Proof = try request.decode()
            return try .json(
                Codes(
                    recoveryCodes: try await credentials.renewRecoveryCodes(
                        current: proof.currentPassword, as: try request.person())))
        }
    }

    private var sessions: Endpoint {
        Endpoint(
            method: .get, path: "/api/auth/sessions", summary: "Where the caller is signed in.", tag: "Identity",
            access: .person,
            responses: [
                .json(
                    .ok,
                    .object([
                        Schema.required(
                            "items",
                            .array(
                                .named(
                                    "SignIn",
                                    .object([
                                        Schema.required("id", .id),
                                        Schema.required("medium", .enumeration(["browser", "program"])),
                                        Schema.required("method", .text, "password, link, invitation or oidc:issuer."),
                                        Schema.optional("address", .text), Schema.optional("agent", .text),
                                        Schema.required("createdAt", .time), Schema.optional("lastSeenAt", .time),
                                        Schema.required("expiresAt", .time),
                                        Schema.required("isCurrent", .boolean, "It is the one that asks."),
                                    ])), count: 0...200))
                    ]), "The latest first; 200 at most.")
            ]
        ) { request in
            try .json(["items": try await ownSignIns.list(as: try request.person())])
        }
    }

    private var endSession: Endpoint {
        Endpoint(
            method: .delete, path: "/api/auth/sessions/{id}", summary: "Ends one of the caller's sign-ins.",
            tag: "Identity", access: .person, parameters: [.path("id", note: "The sign-in's id.")],
            responses: [.empty(.noContent, "It is ended.")]
        ) { request in
            try await ownSignIns.end(try request.id("id"), as: try request.person())
            return .empty()
        }
    }

    private var signOutEverywhere: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/sign-out-everywhere",
            summary: "Ends all of the caller's sign-ins, or all but this one, and all of their API keys.",
            tag: "Identity", access: .person,
            body: .json(.named("SignOutEverywhere", .object([Schema.optional("keepThis", .boolean)]))),
            responses: [.empty(.noContent, "They are ended.")]
        ) { request in
            struct Request: Decodable { let keepThis: Bool? }
            let body: Request = try request.decode()
            let keepsThis = body.keepThis ?? false
            try await ownSignIns.endAll(keepingThis: keepsThis, as: try request.person())
            return .empty(headers: keepsThis ? [:] : [.setCookie: authentication.endedCookie])
        }
    }
}
