import HTTP
import HTTPTypes
import Identity
import Values

/// Keys for programs.
struct KeyRoutes: Sendable {
    let keys: AccessKeys

    var endpoints: [Endpoint] { [list, create, end] }

    private var list: Endpoint {
        Endpoint(
            method: .get, path: "/api/auth/keys", summary: "The caller's keys in one organization.", tag: "Identity",
            access: .member,
            responses: [
                .json(
                    .ok,
                    .object([
                        Schema.required(
                            "items",
                            .array(
                                .named(
                                    "Key",
                                    .object([
                                        Schema.required("id", .id), Schema.required("name", .text),
                                        Schema.required("scopes", .array(.text, count: 0...100)),
                                        Schema.required("hint", .text, "The key's last four characters."),
                                        Schema.required("createdAt", .time),
                                        Schema.optional("lastUsedAt", .time, "To the minute."),
                                        Schema.required("expiresAt", .time),
                                    ])), count: 0...200))
                    ]), "The newest first; 200 at most.")
            ]
        ) { request in
            try .json(["items": try await keys.list(as: try request.actor())])
        }
    }

    private var create: Endpoint {
        Endpoint(
            method: .post, path: "/api/auth/keys",
            summary: "Makes a key, which acts for the caller in one organization and within its scopes.",
            tag: "Identity", access: .member,
            body: .json(
                .named(
                    "NewKey",
                    .object([
                        Schema.required("name", .line(1...100), "What it is for."),
                        Schema.required("scopes", .array(.enumeration(Scope.grants), count: 1...50)),
                        Schema.optional("expiresInDays", .integer(1...365), "90 when it is not said."),
                    ]))),
            responses: [
                .json(
                    .created,
                    .named(
                        "CreatedKey",
                        .object([
                            Schema.required("id", .id),
                            Schema.required("key", .text, "Shown this once; send it as Authorization: Bearer."),
                            Schema.required("expiresAt", .time),
                        ])), "The key.")
            ]
        ) { request in
            struct Request: Decodable {
                let name: Line
                let scopes: [String]
                let expiresInDays: Int?
            }
            let body: Request = try request.decode()
            return try await request.create { idempotencyKey in
                try await keys.create(
                    name: body.name.text, scopes: body.scopes,
                    lifetime: .hours(24 * (body.expiresInDays ?? 90)), idempotencyKey: idempotencyKey,
                    as: try request.actor())
            }
        }
    }

    private var end: Endpoint {
        Endpoint(
            method: .delete, path: "/api/auth/keys/{id}", summary: "Ends a key at once.", tag: "Identity",
            access: .member, parameters: [.path("id", note: "The key's id.")],
            responses: [.empty(.noContent, "It opens nothing any more.")]
        ) { request in
            try await keys.end(try request.id("id"), as: try request.actor())
            return .empty()
        }
    }
}
