import Access
import HTTP
import Identity
import Sessions
import Values

/// What the page of one's profile and preferences shows.
struct SettingsPage: Sendable {
    let name: String, email: String, timeZone: String
    let languages: [Choice], providers: [Choice], channels: [Choice]
    let organizationProvider: String
    /// Nothing is preferred.
    let followsOrganization: Bool
    /// Minutes, with commas.
    let reminders: String
    let joinMuted: Bool, joinWithCamera: Bool, mirrorCamera: Bool
    let addToCalendar: Bool, showAsBusy: Bool
    let version: Int

    /// - Parameter available: who can host meetings in this installation.
    init(_ preferences: Preferences, available: [ProviderName], visitor: Visitor) {
        name = visitor.profile.name
        email = visitor.profile.email
        timeZone = preferences.timeZone
        languages = Preferences.Language.allCases.map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == preferences.locale)
        }
        let preferred = preferences.preferredProvider
        // One that was preferred when it was still to be had stays in the list until another is chosen.
        providers = (available + (preferred.map { available.contains($0) ? [] : [$0] } ?? [])).map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == preferred)
        }
        followsOrganization = preferred == nil
        organizationProvider = visitor.organization.defaultProvider.label
        channels = Preferences.Channel.allCases.map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: preferences.notificationChannels.contains($0))
        }
        reminders = preferences.reminderOffsets.map(String.init).joined(separator: ",")
        joinMuted = preferences.customSettings.joinMuted
        joinWithCamera = preferences.customSettings.joinWithCamera
        mirrorCamera = preferences.customSettings.mirrorCamera
        addToCalendar = preferences.googleSettings.addToCalendar
        showAsBusy = preferences.googleSettings.showAsBusy
        version = preferences.version ?? 0
    }
}

extension SettingsPage {
    static func page(_ preferences: PreferencesService, sessions: SessionService) -> WebPage {
        .member("/settings", title: "Profile", template: "settings/settings") { _, visitor in
            SettingsPage(
                try await preferences.preferences(of: visitor.actor.person),
                available: try await sessions.providers(as: visitor.actor), visitor: visitor)
        }
    }
}

extension Preferences.Language {
    /// In the language itself.
    fileprivate var label: String {
        switch self {
        case .en: "English"
        case .zh: "中文"
        case .ru: "Русский"
        }
    }
}

extension Preferences.Channel {
    fileprivate var label: String {
        switch self {
        case .email: "By email"
        case .push: "As a notification of this browser or phone"
        case .inApp: "Here in Convene"
        }
    }
}
