import Access
import Foundation
import HTTP
import Identity
import Values

/// What the page on one's own security shows; what is changed there goes through the API.
struct SecurityPage: Sendable {
    struct SignIn: Sendable {
        let id: String, device: String, symbol: String, details: String, isCurrent: Bool
    }

    struct Key: Sendable {
        let id: String, name: String, hint: String, scopes: String, details: String
    }

    let email: String
    /// Whether a forgotten password can be replaced by a mailed link.
    let mailsLinks: Bool
    let isOn: Bool
    let codesLeft: Int
    let codesRunLow: Bool
    let signIns: [SignIn]
    let hasOthers: Bool
    /// A key acts in an organization, for one of its members.
    let canHaveKeys: Bool
    let hasKeys: Bool
    let keys: [Key]
    let areas: [ScopeArea]
    let keyOrganization: String?

    init(
        _ state: SecondFactors.State, signIns: [OwnSignIns.SignIn], keys: [AccessKeys.Key], scopes: [String],
        profile: Profile, organization: String?, mailsLinks: Bool, now: Date
    ) {
        let time = LocalTime(profile.timeZone)
        email = profile.email
        self.mailsLinks = mailsLinks
        isOn = state.isOn
        codesLeft = state.recoveryCodesLeft
        codesRunLow = state.isOn && state.recoveryCodesLeft < 4
        self.signIns = signIns.map {
            let device = Device(agent: $0.agent)
            return SignIn(
                id: $0.id.description, device: device.name,
                symbol: $0.medium == .program ? "terminal" : device.isPhone ? "phone" : "screen",
                details: [
                    $0.medium == .program ? "Program" : nil, $0.address,
                    "last seen \(time.moment($0.lastSeenAt ?? $0.createdAt, now: now))",
                    Self.words(for: $0.method),
                ].compactMap(\.self).joined(separator: " · "), isCurrent: $0.isCurrent)
        }
        hasOthers = signIns.contains { !$0.isCurrent }
        canHaveKeys = organization != nil
        keyOrganization = organization
        hasKeys = !keys.isEmpty
        self.keys = keys.map {
            Key(
                id: $0.id.description, name: $0.name, hint: "…\($0.hint)", scopes: ScopeArea.words(for: $0.scopes),
                details: [
                    $0.lastUsedAt.map { "last used \(time.moment($0, now: now))" } ?? "never used",
                    "ends \(time.moment($0.expiresAt, now: now))",
                ].joined(separator: " · "))
        }
        areas = ScopeArea.areas(of: scopes)
    }

    private static func words(for method: String) -> String? {
        switch method {
        case "password": nil
        case "link": "by a mailed link"
        case "invitation": "by invitation"
        default: method.hasPrefix("oidc:") ? "through \(method.dropFirst(5))" : nil
        }
    }
}

extension SecurityPage {
    /// - Parameter scopes: what keys can be for, by the role of the one who makes them.
    static func page(
        _ secondFactors: SecondFactors, ownSignIns: OwnSignIns, keys: AccessKeys, links: SignInLinks,
        scopes: @escaping @Sendable (Role) -> [String], clock: any WallClock
    ) -> WebPage {
        .person("/settings/security", title: "Security", template: "security/security") { _, signedIn, visitor in
            // Super admins are guests in other organizations, and a key is a member's.
            let home = visitor.flatMap { $0.role == .superAdmin ? nil : $0 }
            let keys = if let home { try await keys.list(as: home.actor) } else { [AccessKeys.Key]() }
            return SecurityPage(
                try await secondFactors.state(as: signedIn.person),
                signIns: try await ownSignIns.list(as: signedIn.person), keys: keys,
                scopes: home.map { scopes($0.role) } ?? [], profile: signedIn.profile,
                organization: home?.organization.name, mailsLinks: links.areOffered, now: clock.now)
        }
    }
}

extension LocalTime {
    /// `today at 09:00`, and `Tue, 1 Dec 2026` for other days.
    func moment(_ date: Date, now: Date) -> String {
        calendar.isDate(date, inSameDayAs: now) ? "today at \(clock(date))" : shortDate(date)
    }
}
