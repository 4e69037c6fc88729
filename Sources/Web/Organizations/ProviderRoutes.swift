import Foundation
import HTTP
import HTTPTypes
import Meetings
import Secrets
import Sessions
import Values

/// An organization's own accounts at the providers. A secret goes in and never comes out.
struct ProviderRoutes: Sendable {
    let accounts: ProviderAccounts

    var endpoints: [Endpoint] {
        [list, setZoom, setFeishu] + AccountSettings.providers.flatMap { [remove($0), test($0)] }
    }

    private static let path = "/api/organizations/{organizationId}/providers"
    private static let organization = Endpoint.Parameter.path("organizationId", note: "The organization's id.")

    private var list: Endpoint {
        Endpoint(
            method: .get, path: Self.path,
            summary: "With whose account meetings are made at each provider, and what is set of it.",
            tag: "Organizations", access: .admins, scope: .organizations, parameters: [Self.organization],
            responses: [.json(.ok, .page(of: .providerAccount), "Every provider, set or not.")]
        ) { call in
            try .json(Page(whole: try await accounts.list(as: try call.actor())))
        }
    }

    // MARK: Setting

    private struct ZoomRequest: Decodable {
        let accountId: String
        let clientId: String
        let clientSecret: String?
        let host: String?
        let version: Int?
    }

    private var setZoom: Endpoint {
        Endpoint(
            method: .put, path: Self.path + "/zoom",
            summary: "Sets the organization's own Zoom account, a server-to-server OAuth app.", tag: "Organizations",
            access: .admins, scope: .organizations, parameters: [Self.organization],
            body: .json(
                .object([
                    Schema.required("accountId", .text(1...100)), Schema.required("clientId", .text(1...100)),
                    Schema.optional("clientSecret", .text(1...200), "Left out: stays as it is."),
                    Schema.optional(
                        "host", .nullable(.text(1...254)),
                        "Whose license hosts every meeting, by mail address or user id; without, each mentor hosts their own."
                    ), Schema.basedOn,
                ])),
            responses: [.json(.ok, .providerAccount, "As it is now. It is used from the next meeting on.")],
            problems: [.conflict]
        ) { call in
            let request = try call.decode(ZoomRequest.self)
            var errors = Self.errors(inIDs: [("accountId", request.accountId), ("clientId", request.clientId)])
            errors += Self.errors(inSecret: request.clientSecret, named: "clientSecret")
            if let host = request.host, host.wholeMatch(of: Self.host) == nil {
                errors.append(FieldError(field: "host", message: "must be a mail address or a Zoom user id"))
            }
            guard errors.isEmpty else { throw Problem.invalid(errors) }
            let account = AccountSettings.ZoomAccount(
                accountId: request.accountId, clientId: request.clientId, host: request.host)
            return try await set(.zoom(account), secret: request.clientSecret, from: request.version, call)
        }
    }

    private struct FeishuRequest: Decodable {
        let region: AccountSettings.Region
        let appId: String
        let appSecret: String?
        let ownerId: String
        let version: Int?
    }

    private var setFeishu: Endpoint {
        Endpoint(
            method: .put, path: Self.path + "/feishu",
            summary: "Sets the organization's own Feishu or Lark account, a self-built app.", tag: "Organizations",
            access: .admins, scope: .organizations, parameters: [Self.organization],
            body: .json(
                .object([
                    Schema.required("region", .enumeration(of: AccountSettings.Region.self)),
                    Schema.required("appId", .text(1...100)),
                    Schema.optional("appSecret", .text(1...200), "Left out: stays as it is."),
                    Schema.required(
                        "ownerId", .text(1...100), "The `open_id` of the user in whose name meetings are reserved."),
                    Schema.basedOn,
                ])),
            responses: [.json(.ok, .providerAccount, "As it is now. It is used from the next meeting on.")],
            problems: [.conflict]
        ) { call in
            let request = try call.decode(FeishuRequest.self)
            let errors =
                Self.errors(inIDs: [("appId", request.appId), ("ownerId", request.ownerId)])
                + Self.errors(inSecret: request.appSecret, named: "appSecret")
            guard errors.isEmpty else { throw Problem.invalid(errors) }
            let account = AccountSettings.FeishuAccount(
                region: request.region, appId: request.appId, ownerId: request.ownerId)
            return try await set(.feishu(account), secret: request.appSecret, from: request.version, call)
        }
    }

    private func set(
        _ settings: AccountSettings, secret: String?, from version: Int?, _ call: APIRequest
    ) async throws -> Reply {
        let actor = try call.actor()
        try await accounts.set(settings, secret: secret.map(Secret.init), from: version, as: actor)
        guard let account = try await accounts.list(as: actor).first(where: { $0.provider == settings.provider }) else {
            throw Problem.notFound
        }
        return try .json(account)
    }

    /// No dots: a user id becomes part of an address, in which `..` would lead elsewhere.
    private static var host: Regex<Substring> { /[A-Za-z0-9_.%+-]+@[A-Za-z0-9.-]+|[A-Za-z0-9_-]+/ }

    private static func errors(inIDs ids: [(field: String, value: String)]) -> [FieldError] {
        ids.filter { $0.value.wholeMatch(of: /[A-Za-z0-9_.-]+/) == nil }.map {
            FieldError(field: $0.field, message: "may hold letters, digits, '_', '-' and '.' only: copy it again")
        }
    }

    private static func errors(inSecret secret: String?, named field: String) -> [FieldError] {
        guard let secret, secret.wholeMatch(of: /[!-~]+/) == nil else { return [] }
        return [FieldError(field: field, message: "must have neither spaces nor letters beyond ASCII: copy it again")]
    }

    // MARK: Removing and testing

    private func remove(_ provider: ProviderName) -> Endpoint {
        Endpoint(
            method: .delete, path: "\(Self.path)/\(provider.rawValue)",
            summary: "Forgets the organization's own account at \(provider.label); the installation's is used again.",
            tag: "Organizations", access: .admins, scope: .organizations, parameters: [Self.organization],
            responses: [.empty(.noContent, "It is forgotten.")]
        ) { call in
            try await accounts.remove(provider, as: try call.actor())
            return .empty()
        }
    }

    private struct TestAnswer: Encodable {
        let outcome: AccountCheck.Outcome
        let detail: String
    }

    private func test(_ provider: ProviderName) -> Endpoint {
        Endpoint(
            method: .post, path: "\(Self.path)/\(provider.rawValue)/test",
            summary: "Asks \(provider.label) whether it takes the account that is stored.", tag: "Organizations",
            access: .admins, scope: .organizations, parameters: [Self.organization],
            responses: [
                .json(
                    .ok,
                    .named(
                        "ProviderTest",
                        .object([
                            Schema.required("outcome", .enumeration(of: AccountCheck.Outcome.self)),
                            Schema.required("detail", .text, "What it means and what to do."),
                        ])), "What came of it.")
            ]
        ) { call in
            let check = try await accounts.test(provider, as: try call.actor())
            return try .json(TestAnswer(outcome: check.outcome, detail: check.detail))
        }
    }
}

extension Schema {
    fileprivate static let providerAccount = Schema.named(
        "ProviderAccount",
        .object([
            required("provider", .enumeration(of: ProviderName.self)),
            required(
                "account", .enumeration(of: ProviderAccount.Source.self), "With whose account meetings are made."),
            required("hasSecret", .boolean), optional("secretEndsWith", .text, "Four characters of a long one."),
            optional(
                "settings",
                .object([
                    optional("accountId", .text), optional("clientId", .text), optional("host", .text),
                    optional("region", .enumeration(of: AccountSettings.Region.self)), optional("appId", .text),
                    optional("ownerId", .text),
                ])),
            optional("checkedAt", .time, "When this account was last tested."),
            optional("checkOutcome", .enumeration(of: AccountCheck.Outcome.self)), optional("checkDetail", .text),
            optional("updatedBy", .id), optional("updatedAt", .time),
            optional("version", .integer(1...latestVersion), "Another and higher one for each change."),
        ]))
}
