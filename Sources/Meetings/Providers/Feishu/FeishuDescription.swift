import Secrets
import Values

/// An app that a tenant of Feishu or Lark made for itself (fact sheet Feishu 1 and 2).
package struct FeishuAccount: Codable, Sendable {
    /// One service under two names, whose accounts do not know each other.
    package enum Region: String, Codable, Sendable, CaseIterable { case feishu, lark }

    package let region: Region
    package let appId: String
    /// The `open_id` of the user of this tenant in whose name meetings are reserved. An app's own is not accepted.
    package let ownerId: String

    package init(region: Region, appId: String, ownerId: String) {
        self.region = region
        self.appId = appId
        self.ownerId = ownerId
    }
}

extension ProviderDescription {
    static let feishu = ProviderDescription(
        .feishu, title: "Feishu / Lark",
        introduction:
            "A self-built app of your Feishu or Lark organization, with the permissions for reserving meetings.",
        reconciliation: Feishu.reconciliation,
        fields: [
            AccountField(
                "region", "Service",
                .choice([
                    .init(value: FeishuAccount.Region.feishu.rawValue, label: "Feishu (feishu.cn)"),
                    .init(value: FeishuAccount.Region.lark.rawValue, label: "Lark (larksuite.com)"),
                ])),
            AccountField(
                "appId", "App ID", hint: "On the app’s page, under “Credentials”. It begins with cli_.", .identifier),
            AccountField(
                "ownerId", "Owner", hint: "The open_id of the user in whose name meetings are reserved.",
                note: "The `open_id` of the user in whose name meetings are reserved.", .identifier),
        ],
        secret: AccountField("appSecret", "App secret", .secret),
        endpoints: [.feishu, .lark],
        connect: { (account: FeishuAccount, secret, connection) in Feishu(account, secret: secret, over: connection) })
}

extension ProviderEndpoint {
    /// Without `/open-apis`.
    static let feishu = ProviderEndpoint(
        "CONVENE_FEISHU_URL", official: "https://open.feishu.cn", simulated: "feishu")
    static let lark = ProviderEndpoint(
        "CONVENE_LARK_URL", official: "https://open.larksuite.com", simulated: "feishu")
}

extension FeishuAccount.Region {
    var endpoint: ProviderEndpoint {
        switch self {
        case .feishu: .feishu
        case .lark: .lark
        }
    }
}
