import Foundation
import Mustache
package import Outgoing

/// The texts of all mails: `Templates/{matter}.text.mustache` and `{matter}.html.mustache`.
package struct MailTemplates: Sendable {
    private let library: MustacheLibrary

    /// - Throws: when a template cannot be read or parsed, or one is missing.
    package init() async throws {
        guard let folder = Bundle.module.url(forResource: "Templates", withExtension: nil) else {
            throw CocoaError(.fileNoSuchFile)
        }
        library = try await MustacheLibrary(directory: folder.path(percentEncoded: false))
        for name in Mail.Kind.templates
        where library.getTemplate(named: name + ".text") == nil
            || library.getTemplate(named: name + ".html") == nil
        {
            throw CocoaError(.fileNoSuchFile)
        }
    }

    package struct Written: Sendable {
        package let subject: String, text: String, html: String
    }

    package func written(_ mail: Mail, to recipient: MailAddress) -> Written {
        let content = mail.content(for: recipient)
        func render(_ kind: String) -> String {
            (library.render(content.values, withTemplate: "\(mail.kind.template).\(kind)") ?? "")
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return Written(subject: content.subject, text: render("text"), html: render("html"))
    }
}
