import Foundation
import Mustache
package import Outgoing

/// How a mail looks as text and as HTML: `Templates/mail.text.mustache` and `mail.html.mustache`. What it says is said
/// once, in ``Mail/content(for:)``.
package struct MailTemplates: Sendable {
    private let text: MustacheTemplate
    private let html: MustacheTemplate

    /// - Throws: when a template cannot be read or parsed, or one is missing.
    package init() async throws {
        guard let folder = Bundle.module.url(forResource: "Templates", withExtension: nil) else {
            throw CocoaError(.fileNoSuchFile)
        }
        let library = try await MustacheLibrary(directory: folder.path(percentEncoded: false))
        guard let text = library.getTemplate(named: "mail.text"), let html = library.getTemplate(named: "mail.html")
        else {
            throw CocoaError(.fileNoSuchFile)
        }
        self.text = text
        self.html = html
    }

    package struct Written: Sendable {
        package let subject: String, text: String, html: String
    }

    package func written(_ mail: Mail, to recipient: MailAddress) -> Written {
        let content = mail.content(for: recipient)
        let values = content.values(with: mail.branding)
        func render(_ template: MustacheTemplate) -> String {
            template.render(values).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return Written(subject: content.subject, text: render(text), html: render(html))
    }
}

extension MailContent {
    /// What the templates name. A key that is not there leaves its section out.
    fileprivate func values(with branding: MailBranding) -> [String: Any] {
        var values: [String: Any] = [
            "subject": subject, "organization": organization, "reason": reason, "blocks": blocks.map(\.values),
            "accent": branding.accent, "onAccent": branding.onAccent,
        ]
        values["logo"] = branding.logo?.absoluteString
        values["greeting"] = greeting
        return values
    }
}

extension MailContent.Block {
    fileprivate var values: [String: Any] {
        switch self {
        case .paragraph(let text): ["paragraph": text]
        case .details(let lines): ["details": lines, "hasDetails": true]
        case .action(let label, let link): ["label": label, "link": link.absoluteString]
        }
    }
}
