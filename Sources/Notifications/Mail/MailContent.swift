import Branding
import Foundation
import Outgoing
import Values

extension Mail.Kind {
    static let templates = [
        "invitation", "magic-link", "sign-up", "account-exists", "unfamiliar-sign-in", "second-factor-on",
        "second-factor-off", "password-changed", "removed",
    ]

    var template: String {
        switch self {
        case .invitation: "invitation"
        case .magicLink: "magic-link"
        case .signUp: "sign-up"
        case .accountExists: "account-exists"
        case .unfamiliarSignIn: "unfamiliar-sign-in"
        case .secondFactorOn: "second-factor-on"
        case .secondFactorOff: "second-factor-off"
        case .passwordChanged: "password-changed"
        case .removed: "removed"
        }
    }

    fileprivate func subject(of organization: String) -> String {
        switch self {
        case .invitation: "Your invitation to \(organization)"
        case .magicLink: "Your link to sign in"
        case .signUp: "Confirm your e-mail address"
        case .accountExists: "You already have an account"
        case .unfamiliarSignIn: "New sign-in to your account"
        case .secondFactorOn: "Two-step sign-in is on"
        case .secondFactorOff: "Two-step sign-in is off"
        case .passwordChanged: "Your password was changed"
        case .removed: "You are no longer a member of \(organization)"
        }
    }
}

extension Mail {
    /// What the templates name. A key that is not there leaves its section out.
    struct Content {
        var subject: String
        var values: [String: Any]
    }

    func content(for recipient: MailAddress) -> Content {
        // Older names may hold breaks and worse, and stand in the middle of a sentence.
        let name = name.map(PlainText.cleanedLine)
        let organization = (branding.organization.map(PlainText.cleanedLine) ?? "Convene").isolated
        var values: [String: Any] = [
            "organization": organization, "accent": branding.accent.description,
            "onAccent": branding.accent.ink.description, "recipient": recipient.address,
        ]
        values["logo"] = branding.logo?.absoluteString
        values["name"] = name?.isolated
        values["expires"] = kind.expiry.map(told)
        var content = Content(subject: kind.subject(of: organization), values: values)
        switch kind {
        case .invitation(let link, _, let inviter, let role):
            content.values["link"] = link.absoluteString
            let inviter = inviter.map { PlainText.cleanedLine($0).isolated }
            content.values["inviter"] = inviter
            content.values["role"] = role
            if let wording {
                let filled = wording.filled(with: [
                    .organization: organization, .inviter: inviter ?? organization,
                    .name: name?.isolated ?? recipient.address,
                    .role: role ?? "",
                ])
                content.subject = filled.subject
                // It greets in its own way, or not at all.
                content.values["name"] = nil
                content.values["introduction"] = Self.paragraphs(of: filled.introduction)
            }
        case .magicLink(let link, _), .signUp(let link, _), .accountExists(let link):
            content.values["link"] = link.absoluteString
        case .unfamiliarSignIn(let moment, let address, let device, let link):
            content.values["moment"] = told(moment)
            content.values["address"] = address
            content.values["device"] = device
            content.values["link"] = link.absoluteString
        case .secondFactorOn(let moment, let address, let link), .secondFactorOff(let moment, let address, let link),
            .passwordChanged(let moment, let address, let link):
            content.values["moment"] = told(moment)
            content.values["address"] = address
            content.values["link"] = link.absoluteString
        case .removed(let moment):
            content.values["moment"] = told(moment)
        }
        content.values["subject"] = content.subject
        return content
    }

    /// `Saturday, 21 November 2026 at 13:12 (Europe/Berlin)`
    private func told(_ moment: Date) -> String {
        let zone = timeZone.flatMap(TimeZone.init(identifier:)) ?? .gmt
        let style = Date.FormatStyle(
            date: .complete, time: .shortened, locale: Locale(identifier: "en_GB"), timeZone: zone)
        return "\(moment.formatted(style)) (\(zone == .gmt ? "UTC" : zone.identifier))"
    }

    private static func paragraphs(of text: String) -> [String] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        return lines.split(separator: "").map { $0.joined(separator: "\n") }
    }
}
