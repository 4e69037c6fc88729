import HTTP
import Identity
import Meetings
import Values

/// What the page of an organization's accounts at the providers shows. There is no secret in it.
struct ProvidersPage: Sendable {
    struct Field: Sendable {
        let id: String, name: String, label: String, hint: String, text: String, isOptional: Bool
        let isChoice: Bool, choices: [Choice]
    }

    struct Account: Sendable {
        let provider: String, label: String, introduction: String, version: Int64
        /// `own`, `installation` or `none`.
        let source: String, sourceLabel: String, explanation: String
        let isOwn: Bool
        let fields: [Field]
        let secretName: String, secretLabel: String, secretPlaceholder: String, secretHint: String
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
        self.accounts = accounts.compactMap { account in
            ProviderCatalog[account.provider].map { Self.account(account, at: $0, time) }
        }
    }

    private static func account(
        _ account: ProviderAccount, at provider: ProviderDescription, _ time: LocalTime
    ) -> Account {
        let (sourceLabel, explanation) = words(for: account.account)
        let ending = account.secretEndsWith.map { "Unchanged, ends with \($0)" }
        return Account(
            provider: provider.name.rawValue, label: provider.title, introduction: provider.introduction,
            version: account.version ?? 0,
            source: account.account.rawValue, sourceLabel: sourceLabel, explanation: explanation,
            isOwn: account.account == .organization,
            fields: provider.fields.map { field($0, of: account) }, secretName: provider.secret.name,
            secretLabel: provider.secret.label,
            secretPlaceholder: account.hasSecret ? ending ?? "Unchanged" : "",
            secretHint: account.hasSecret
                ? "It is stored encrypted and never shown. Leave it empty to keep it."
                : "It is stored encrypted and never shown again.",
            check: account.checkedAt.map { checked in
                Check(
                    isOk: account.checkOutcome == AccountCheck.Outcome.ok.rawValue,
                    detail: account.checkDetail?.sentence ?? "",
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

    private static func field(_ field: AccountField, of account: ProviderAccount) -> Field {
        let text = account.settings?[field] ?? ""
        let choices: [Choice] =
            switch field.form {
            case .text: []
            case .choice(let choices):
                choices.map { Choice(value: $0.value, label: $0.label, isChosen: $0.value == text) }
            }
        return Field(
            id: "\(account.provider.rawValue)-\(field.name)", name: field.name, label: field.label, hint: field.hint,
            text: text, isOptional: field.isOptional, isChoice: !choices.isEmpty, choices: choices)
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
