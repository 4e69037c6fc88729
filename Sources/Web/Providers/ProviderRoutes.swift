import Foundation
import HTTP
import HTTPTypes
import Meetings
import Secrets
import Values

/// An organization's own accounts at the providers. A secret goes in and never comes out.
struct ProviderRoutes: Sendable {
    let accounts: ProviderAccounts

    var endpoints: [Endpoint] {
        [list] + ProviderCatalog.all.flatMap { [set($0), remove($0.name), test($0.name)] }
    }

    private static let path = "/providers"

    private var list: Endpoint {
        .ofOrganization(
            .get, Self.path,
            summary: "With whose account meetings are made at each provider, and what is set of it.",
            responses: [.json(.ok, .page(of: .providerAccount), "Every provider, set or not.")]
        ) { request in
            try .json(Page(whole: try await accounts.list(as: try request.actor()).map(ProviderAccountResponse.init)))
        }
    }

    // MARK: Setting

    private func set(_ provider: ProviderDescription) -> Endpoint {
        .ofOrganization(
            .put, "\(Self.path)/\(provider.name.rawValue)",
            summary: "Sets the organization's own account at \(provider.name.label).",
            body: .json(
                .object(
                    provider.fields.map(\.property) + [
                        Schema.optional(provider.secret.name, provider.secret.schema, "Left out: stays as it is."),
                        Schema.basedOn,
                    ])),
            responses: [.json(.ok, .providerAccount, "As it is now. It is used from the next meeting on.")],
            problems: [.conflict]
        ) { request in
            let body = try request.decode(AccountRequest.self)
            let errors = (provider.fields + [provider.secret]).compactMap { field in
                body.texts[field.name].flatMap(field.flaw).map { FieldError(field: field.name, message: $0) }
            }
            guard errors.isEmpty else { throw Problem.invalid(errors) }
            let actor = try request.actor()
            try await accounts.set(
                AccountSettings(at: provider, body.texts),
                secret: body.texts[provider.secret.name].map(Secret.init), from: body.version, as: actor)
            guard let account = try await accounts.list(as: actor).first(where: { $0.provider == provider.name }) else {
                throw Problem.notFound
            }
            return try .json(ProviderAccountResponse(account))
        }
    }

    /// What any provider takes: its schema has looked at the names before.
    private struct AccountRequest: Decodable {
        private(set) var texts: [String: String] = [:]
        let version: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys where key != .version {
                texts[key.stringValue] = try container.decodeIfPresent(String.self, forKey: key)
            }
            version = try container.decodeIfPresent(Int.self, forKey: .version)
        }

        private struct Key: CodingKey, Hashable {
            static let version = Key(stringValue: "version")
            let stringValue: String
            init(stringValue: String) { self.stringValue = stringValue }
            var intValue: Int? { nil }
            init?(intValue: Int) { return nil }
        }
    }

    // MARK: Removing and testing

    private func remove(_ provider: ProviderName) -> Endpoint {
        .ofOrganization(
            .delete, "\(Self.path)/\(provider.rawValue)",
            summary: "Forgets the organization's own account at \(provider.label); the installation's is used again.",
            responses: [.empty(.noContent, "It is forgotten.")]
        ) { request in
            try await accounts.remove(provider, as: try request.actor())
            return .empty()
        }
    }

    private struct TestResponse: Encodable {
        let outcome: AccountCheck.Outcome
        let code: String
        let detail: String
    }

    private func test(_ provider: ProviderName) -> Endpoint {
        .ofOrganization(
            .post, "\(Self.path)/\(provider.rawValue)/test",
            summary: "Asks \(provider.label) whether it takes the account that is stored.",
            responses: [
                .json(
                    .ok,
                    .named(
                        "ProviderTest",
                        .object([
                            Schema.required("outcome", .enumeration(of: AccountCheck.Outcome.self)),
                            Schema.required("code", .text, "What came of it, for programs."),
                            Schema.required("detail", .text, "What it means and what to do."),
                        ])), "What came of it.")
            ]
        ) { request in
            let check = try await accounts.test(provider, as: try request.actor())
            return try .json(
                TestResponse(
                    outcome: check.outcome, code: check.explanation.code, detail: check.explanation.sentence))
        }
    }
}

extension AccountField {
    /// Of what may be entered.
    fileprivate var schema: Schema {
        switch form {
        case .text(let longest, _, _): isOptional ? .nullable(.text(1...longest)) : .text(1...longest)
        case .choice(let choices): .enumeration(choices.map(\.value))
        }
    }

    fileprivate var property: Schema.Property {
        isOptional ? Schema.optional(name, schema, note) : Schema.required(name, schema, note)
    }

    /// Of what is shown.
    var shape: Schema {
        switch form {
        case .text: .text
        case .choice(let choices): .enumeration(choices.map(\.value))
        }
    }
}
