import HTTP
import Identity
import Meetings
import Sessions
import Values

/// What the page of an organization's accounts at the providers shows. There is no secret in it.
struct ProvidersPage: Sendable {
    struct Field: Sendable {
        let id: String, name: String, label: String, hint: String, text: String, isOptional: Bool
    }

    struct Account: Sendable {
        let provider: String, label: String, introduction: String, version: Int64
        /// `own`, `installation` or `none`.
        let source: String, sourceLabel: String, explanation: String
        let isOwn: Bool
        let fields: [Field]
        let secretName: String, secretLabel: String, secretPlaceholder: String, secretHint: String
        let hasRegions: Bool, regions: [Choice]
        /// What the last test said; `nil` before one.
        let check: Check?
    }

    struct Check: Sendable {
        let isOk: Bool, detail: String, time: String
    }

    let organization: String
    let accounts: [Account]

    init(_ accounts: [ProviderAccount], visitor: Visitor) {
        organization = visitor.organization.id.description
        let time = LocalTime(visitor.profile.timeZone)
        self.accounts = accounts.map { Self.account($0, time) }
    }

    private static func account(_ account: ProviderAccount, _ time: LocalTime) -> Account {
        let isFeishu = account.provider == .feishu
        let (sourceLabel, explanation) = words(for: account.account)
        let ending = account.secretEndsWith.map { "Unchanged, ends with \($0)" }
        return Account(
            provider: account.provider.rawValue, label: isFeishu ? "Feishu / Lark" : account.provider.label,
            introduction: isFeishu
                ? "A self-built app of your Feishu or Lark organization, with the permissions for reserving meetings."
                : "A server-to-server OAuth app of your Zoom account, with the permissions for meetings.",
            version: account.version ?? 0,
            source: account.account.rawValue, sourceLabel: sourceLabel, explanation: explanation,
            isOwn: account.account == .organization, fields: fields(of: account),
            secretName: isFeishu ? "appSecret" : "clientSecret", secretLabel: isFeishu ? "App secret" : "Client secret",
            secretPlaceholder: account.hasSecret ? ending ?? "Unchanged" : "",
            secretHint: account.hasSecret
                ? "It is stored encrypted and never shown. Leave it empty to keep it."
                : "It is stored encrypted and never shown again.",
            hasRegions: isFeishu, regions: isFeishu ? regions(account) : [],
            check: account.checkedAt.map { checked in
                Check(
                    isOk: account.checkOutcome == AccountCheck.Outcome.ok.rawValue, detail: account.checkDetail ?? "",
                    time: "\(time.shortDate(checked)), \(time.clock(checked))")
            })
    }

    private static func words(for source: ProviderAccount.Source) -> (label: String, explanation: String) {
        switch source {
        case .organization: ("Your own account", "Meetings are made with your organization’s own account.")
        case .installation:
            (
                "This server’s account",
                "Meetings are made with this server’s account. Enter your own to use that instead."
            )
        case .none: ("No account", "No meetings can be made here yet. Enter your account to begin.")
        }
    }

    private static func fields(of account: ProviderAccount) -> [Field] {
        func field(_ name: String, _ label: String, _ hint: String, _ text: String?, optional: Bool = false) -> Field {
            Field(
                id: "\(account.provider.rawValue)-\(name)", name: name, label: label, hint: hint, text: text ?? "",
                isOptional: optional)
        }
        switch (account.provider, account.settings) {
        case (.feishu, let settings):
            let known: AccountSettings.FeishuAccount? = if case .feishu(let known) = settings { known } else { nil }
            return [
                field("appId", "App ID", "On the app’s page, under “Credentials”. It begins with cli_.", known?.appId),
                field(
                    "ownerId", "Owner", "The open_id of the user in whose name meetings are reserved.", known?.ownerId),
            ]
        case (_, let settings):
            let known: AccountSettings.ZoomAccount? = if case .zoom(let known) = settings { known } else { nil }
            return [
                field("accountId", "Account ID", "On the app’s page, under “App Credentials”.", known?.accountId),
                field("clientId", "Client ID", "On the same page.", known?.clientId),
                field(
                    "host", "Host",
                    "Whose license hosts every meeting: a mail address. Empty: each mentor hosts their own.",
                    known?.host, optional: true),
            ]
        }
    }

    private static func regions(_ account: ProviderAccount) -> [Choice] {
        let chosen: AccountSettings.Region =
            if case .feishu(let known)? = account.settings { known.region } else { .feishu }
        return AccountSettings.Region.allCases.map {
            Choice(
                value: $0.rawValue, label: $0 == .feishu ? "Feishu (feishu.cn)" : "Lark (larksuite.com)",
                isChosen: $0 == chosen)
        }
    }
}

extension ProvidersPage {
    static func page(_ accounts: ProviderAccounts) -> WebPage {
        .member(
            "/organization/providers", for: .admins, title: "Meeting providers", template: "providers/providers"
        ) { _, visitor in
            ProvidersPage(try await accounts.list(as: visitor.actor), visitor: visitor)
        }
    }
}
