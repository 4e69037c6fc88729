import Foundation
import HTTP
import Meetings
import Values

/// An organization's account at a provider on the wire.
struct ProviderAccountResponse: Encodable {
    let provider: ProviderName
    let account: ProviderAccount.Source
    let hasSecret: Bool
    let secretEndsWith: String?
    let settings: AccountSettings?
    let checkedAt: Date?
    let checkOutcome: String?
    let checkCode: String?
    let checkDetail: String?
    let updatedBy: UserID?
    let updatedAt: Date?
    let version: Int64?

    init(_ account: ProviderAccount) {
        provider = account.provider
        self.account = account.account
        hasSecret = account.hasSecret
        secretEndsWith = account.secretEndsWith
        settings = account.settings
        checkedAt = account.checkedAt
        checkOutcome = account.checkOutcome
        checkCode = account.checkDetail?.code
        checkDetail = account.checkDetail?.sentence
        updatedBy = account.updatedBy
        updatedAt = account.updatedAt
        version = account.version
    }
}

extension Schema {
    static let providerAccount = Schema.named(
        "ProviderAccount",
        .object([
            required("provider", .enumeration(of: ProviderName.self)),
            required(
                "account", .enumeration(of: ProviderAccount.Source.self), "With whose account meetings are made."),
            required("hasSecret", .boolean), optional("secretEndsWith", .text, "Four characters of a long one."),
            optional("settings", .object(ProviderCatalog.all.flatMap(\.fields).map { optional($0.name, $0.shape) })),
            optional("checkedAt", .time, "When this account was last tested."),
            optional("checkOutcome", .enumeration(of: AccountCheck.Outcome.self)),
            optional("checkCode", .text, "What came of it, for programs."),
            optional("checkDetail", .text, "What it means and what to do."),
            optional("updatedBy", .id), optional("updatedAt", .time),
            optional("version", .integer(1...latestVersion), "Another and higher one for each change."),
        ]))
}
