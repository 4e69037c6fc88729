import Foundation
package import Values

/// What an organization says of its own account at a provider, without the secret. Where the provider is reached is
/// not among it: an address that anybody can set is an address inside our network.
package enum AccountSettings: Sendable, Equatable {
    case zoom(ZoomAccount)
    case feishu(FeishuAccount)

    package struct ZoomAccount: Codable, Sendable, Equatable {
        package let accountId: String
        package let clientId: String
        /// Whose license hosts every meeting: a mail address or a user id; `nil`: each mentor's own.
        package let host: String?

        package init(accountId: String, clientId: String, host: String?) {
            self.accountId = accountId
            self.clientId = clientId
            self.host = host
        }
    }

    package struct FeishuAccount: Codable, Sendable, Equatable {
        package let region: Region
        package let appId: String
        /// The `open_id` of the user in whose name meetings are reserved.
        package let ownerId: String

        package init(region: Region, appId: String, ownerId: String) {
            self.region = region
            self.appId = appId
            self.ownerId = ownerId
        }
    }

    /// One service under two names, whose accounts do not know each other.
    package enum Region: String, Codable, Sendable, CaseIterable { case feishu, lark }

    package var provider: ProviderName {
        switch self {
        case .zoom: .zoom
        case .feishu: .feishu
        }
    }

    /// What the provider calls the secret, and the API too.
    var secretField: String {
        switch self {
        case .zoom: "clientSecret"
        case .feishu: "appSecret"
        }
    }

    /// Those that an organization can have an account of its own with.
    package static let providers: [ProviderName] = [.zoom, .feishu]

    static func reconciliation(at provider: ProviderName) -> Reconciliation? {
        switch provider {
        case .zoom: Zoom.reconciliation
        case .feishu: Feishu.reconciliation
        case .teams, .googleMeet, .room: nil
        }
    }

    /// - Throws: `DecodingError` for what was not written by ``encode(to:)``.
    init(_ document: Data, at provider: ProviderName) throws {
        switch provider {
        case .zoom: self = .zoom(try JSONDecoder.convene.decode(ZoomAccount.self, from: document))
        case .feishu: self = .feishu(try JSONDecoder.convene.decode(FeishuAccount.self, from: document))
        case .teams, .googleMeet, .room:
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no settings for this provider"))
        }
    }
}

extension AccountSettings: Encodable {
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .zoom(let account): try account.encode(to: encoder)
        case .feishu(let account): try account.encode(to: encoder)
        }
    }
}
