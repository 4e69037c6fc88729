import Branding
import Foundation
import Outgoing
import Values

/// What a mail says, once for both of its parts.
struct MailContent {
    enum Block {
        case paragraph(String)
        /// One below the other.
        case details([String])
        /// A button, or the label with the address below it.
        case action(String, URL)
    }

    var subject: String
    /// Who it is from.
    let organization: String
    var greeting: String?
    var blocks: [Block]
    /// Why it came, and what to do if it should not have.
    let reason: String
}

extension Mail {
    func content(for recipient: MailAddress) -> MailContent {
        // Older names may hold breaks and worse, and stand in the middle of a sentence.
        let name = name.map(PlainText.cleanedLine)?.isolated
        let organization = (branding.organization.map(PlainText.cleanedLine) ?? "Convene").isolated
        var content = MailContent(
            subject: kind.subject(of: organization), organization: organization, greeting: name.map { "Hello \($0)," },
            blocks: blocks(of: organization, recipient: recipient.address),
            reason: kind.reason(of: organization, recipient: recipient.address))
        if let wording, case .invitation(_, _, let inviter, let role) = kind {
            let filled = wording.filled(with: [
                .organization: organization, .inviter: inviter.map(Self.inSentence) ?? organization,
                .name: name ?? recipient.address, .role: role ?? "",
            ])
            content.subject = filled.subject
            // It greets in its own way, or not at all.
            content.greeting = nil
            content.blocks.replaceSubrange(
                ..<1, with: Self.paragraphs(of: filled.introduction).map(MailContent.Block.paragraph))
        }
        return content
    }

    private func blocks(of organization: String, recipient: String) -> [MailContent.Block] {
        switch kind {
        case .invitation(let link, let expiry, let inviter, let role):
            let inviting = inviter.map { "\(Self.inSentence($0)) invites you" } ?? "You are invited"
            return [
                .paragraph("\(inviting) to join \(organization)\(role.map { " as \($0)" } ?? "")."),
                .action("Accept the invitation", link), .paragraph("The invitation works once, until \(told(expiry))."),
            ]
        case .magicLink(let link, let expiry):
            return [
                .paragraph("Here is your link to sign in."), .action("Sign in", link),
                .paragraph("The link works once, until \(told(expiry)). Do not pass it on."),
            ]
        case .signUp(let link, let expiry):
            return [
                .paragraph("Please confirm that \(recipient) is your address. Then your account is ready."),
                .action("Confirm my address", link), .paragraph("The link works once, until \(told(expiry))."),
            ]
        case .accountExists(let link):
            return [
                .paragraph(
                    """
                    Somebody, perhaps you, wanted to sign up with \(recipient). There is an account with this address \
                    already, so you can just sign in.
                    """),
                .action("Sign in", link),
                .paragraph("If you have forgotten your password, ask for a link to sign in there."),
            ]
        case .unfamiliarSignIn(let moment, let address, let device, let link):
            return [
                .paragraph("Somebody signed in to your account from an address that we have not seen before."),
                .details([told(moment), "Address: \(address)"] + [device].compactMap(\.self)),
                .paragraph("If it was you, there is nothing to do."), .action("Review my sign-ins", link),
                .paragraph("If it was not you, end that sign-in there and change your password."),
            ]
        case .secondFactorOn(let moment, let address, let link):
            return [
                .paragraph(
                    """
                    Two-step sign-in was turned on for your account on \(told(moment))\(Self.from(address)). From now on \
                    you need a code from your app as well as your password. Every other sign-in has ended, and so has \
                    every API key.
                    """),
                .paragraph("Keep the recovery codes where you find them without your phone."),
                .action("Review my security settings", link),
                .paragraph("If it was not you, change your password and contact your administrator."),
            ]
        case .secondFactorOff(let moment, let address, let link):
            return [
                .paragraph(
                    """
                    Two-step sign-in was turned off for your account on \(told(moment))\(Self.from(address)). Your \
                    password alone is enough now.
                    """),
                .action("Review my security settings", link),
                .paragraph("If it was not you, change your password and turn it on again."),
            ]
        case .passwordChanged(let moment, let address, let link):
            return [
                .paragraph(
                    """
                    The password of your account was changed on \(told(moment))\(Self.from(address)). Every other sign-in \
                    has ended, and so has every API key: create new ones for those that you still use.
                    """),
                .action("Review my security settings", link),
                .paragraph(
                    """
                    If it was not you, ask for a link to sign in, choose a new password, and contact your administrator.
                    """),
            ]
        case .removed(let moment):
            return [
                .paragraph(
                    """
                    Your membership of \(organization) ended on \(told(moment)), and with it your API keys there. Your \
                    account, and any other organization that you belong to, are as they were.
                    """),
                .paragraph("If you think that this is a mistake, contact an administrator of \(organization)."),
            ]
        }
    }

    private static func from(_ address: String?) -> String { address.map { " from the address \($0)" } ?? "" }

    private static func inSentence(_ name: String) -> String { PlainText.cleanedLine(name).isolated }

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

extension Mail.Kind {
    fileprivate func subject(of organization: String) -> String {
        switch self {
        case .invitation: "Your invitation to \(organization)"
        case .magicLink: "Your link to sign in"
        case .signUp: "Confirm your email address"
        case .accountExists: "You already have an account"
        case .unfamiliarSignIn: "New sign-in to your account"
        case .secondFactorOn: "Two-step sign-in is on"
        case .secondFactorOff: "Two-step sign-in is off"
        case .passwordChanged: "Your password was changed"
        case .removed: "You are no longer a member of \(organization)"
        }
    }

    fileprivate func reason(of organization: String, recipient: String) -> String {
        switch self {
        case .invitation:
            """
            This invitation was sent to \(recipient) and works for nobody else. If you did not expect it, you need not do \
            anything.
            """
        case .magicLink:
            """
            Somebody asked for this link with your address. If it was not you, you need not do anything: nobody gets in \
            without the link.
            """
        case .signUp:
            """
            Somebody signed up with your address. If it was not you, you need not do anything: without the link there \
            will be no account.
            """
        case .accountExists:
            "If it was not you, you need not do anything: whoever it was has learned nothing from us."
        case .unfamiliarSignIn, .secondFactorOn, .secondFactorOff, .passwordChanged:
            "You get this mail because it is about the security of your account at \(organization)."
        case .removed: "You get this mail because you were a member of \(organization)."
        }
    }
}
