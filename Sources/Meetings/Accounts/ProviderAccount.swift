package import Foundation
package import Values

/// What can be shown of an organization's account at one provider: whether there is one, and never its secret.
package struct ProviderAccount: Sendable {
    /// With whose account meetings are made.
    package enum Source: String, Encodable, Sendable, CaseIterable { case organization, installation, none }

    package let provider: ProviderName
    package let account: Source
    package let hasSecret: Bool
    /// Four characters; `nil` for a short secret.
    package let secretEndsWith: String?
    package let settings: AccountSettings?
    /// When the account as it is now was last tested, and what came of it.
    package let checkedAt: Date?
    package let checkOutcome: String?
    package let checkDetail: Explanation?
    package let updatedBy: UserID?
    package let updatedAt: Date?
    /// Another and higher one for each change; `nil` while none is set.
    package let version: Int64?

    struct Row: Decodable, Sendable {
        let provider: ProviderName?
        let settings: Data?
        let secretEndsWith: String?
        let checkedAt: Date?
        let checkOutcome: String?
        let checkDetail: Explanation?
        let updatedBy: UserID?
        let updatedAt: Date?
        let version: Int64?
    }

    init(at provider: ProviderDescription, _ row: Row?, installationHasOne: Bool) throws {
        self.provider = provider.name
        account = row != nil ? .organization : installationHasOne ? .installation : .none
        hasSecret = row != nil
        secretEndsWith = row?.secretEndsWith
        settings = try row?.settings.map { try AccountSettings($0, at: provider) }
        checkedAt = row?.checkedAt
        checkOutcome = row?.checkOutcome
        checkDetail = row?.checkDetail
        updatedBy = row?.updatedBy
        updatedAt = row?.updatedAt
        version = row?.version
    }
}

/// Why an account could not be set or tested.
package enum ProviderAccountError: Error, Equatable {
    /// There is no secret yet that could stay as it is.
    case secretRequired(field: String)
    case notSet(ProviderName)
}

extension AccountCheck {
    package enum Outcome: String, Codable, Sendable, CaseIterable { case ok, refused, unreachable }

    package var outcome: Outcome {
        switch self {
        case .ok: .ok
        case .refused: .refused
        case .unreachable: .unreachable
        }
    }

    package var explanation: Explanation {
        switch self {
        case .ok(let explanation), .refused(let explanation), .unreachable(let explanation): explanation
        }
    }
}
