import Foundation
import Values

/// What is said of an account at a provider, without the secret.
package struct AccountSettings: Sendable {
    package let provider: ProviderDescription
    private let values: [String: String]

    /// - Parameter values: by the names of the provider's fields; others are left out.
    package init(at provider: ProviderDescription, _ values: [String: String]) {
        self.provider = provider
        self.values = values.filter { name, _ in provider.fields.contains { $0.name == name } }
    }

    /// - Throws: `DecodingError` for what was not written by ``encode(to:)``.
    init(_ document: Data, at provider: ProviderDescription) throws {
        self.init(at: provider, try JSONDecoder.convene.decode([String: String].self, from: document))
    }

    package subscript(field: AccountField) -> String? { values[field.name] }

    /// The provider's own type of it.
    func read<Account: Decodable>(as type: Account.Type) throws -> Account {
        try JSONDecoder.convene.decode(type, from: try JSONEncoder.convene.encode(values))
    }
}

extension AccountSettings: Encodable {
    package func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}
