import Testing
import Values

@testable import Branding

@Suite struct BrandingTests {
    // MARK: Logos

    @Test(arguments: [
        ("https://images.example.org/logo.svg", "https://images.example.org"),
        ("https://IMAGES.example.org:8443/a/b.png?size=2&x=%20", "https://images.example.org:8443"),
        ("HTTPS://example.org", "https://example.org"),
        ("https://xn--bcher-kva.example/x", "https://xn--bcher-kva.example"),
        ("https://1.example/x", "https://1.example"),
    ]) func `a logo may lie at any public name`(text: String, origin: String) throws {
        #expect(try LogoURL(text).origin == origin)
    }

    @Test(arguments: [
        ("http://example.org/logo.png", LogoURL.Fault.notHTTPS), ("javascript:alert(1)", .notHTTPS),
        ("data:image/png;base64,AAAA", .notHTTPS), ("//example.org/logo.png", .notHTTPS), ("logo.png", .notHTTPS),
        ("", .notHTTPS), ("https://exam ple.org/", .notHTTPS), ("https://example.org/\u{301}", .notHTTPS),
        ("https://example.org/\"onload=x", .notHTTPS), ("https://example.org/\nx", .notHTTPS),
        ("https:\\\\example.org", .notHTTPS), ("https://bücher.example/", .notHTTPS),
        ("https://me@example.org/", .userInfo), ("https://me:secret@example.org/", .userInfo),
        ("https://example.org@evil.example/", .userInfo), ("https://:@example.org/", .userInfo),
        ("https://example.org/logo.png#x", .fragment), ("https://example.org/#", .fragment),
        ("https://localhost/x", .host), ("https://intranet/x", .host), ("https:///x", .host),
        ("https://10.0.0.1/x", .host), ("https://127.0.0.1/x", .host), ("https://2130706433/x", .host),
        ("https://127.1/x", .host), ("https://0x7f.0x1/x", .host), ("https://192.168.0.0x1/x", .host),
        ("https://169.254.169.254/latest", .host), ("https://8.8.8.8/x", .host), ("https://[::1]/x", .host),
        ("https://[fd00::1]/x", .host), ("https://printer.local/x", .host), ("https://a.localhost/x", .host),
        ("https://vault.internal/x", .host), ("https://example.org./x", .host), ("https://a..example/x", .host),
        ("https://*.example.org/x", .host), ("https://example.org;script-src/x", .host),
        ("https://example.org:0/x", .host), ("https://example.org:99999/x", .host),
        ("https://-a.example/x", .host),
    ]) func `what is no public https address is refused`(text: String, fault: LogoURL.Fault) {
        #expect(throws: fault) { try LogoURL(text) }
    }

    @Test func `an address has at most 2,048 characters`() throws {
        let start = "https://example.org/"
        let longest = start + String(repeating: "a", count: 2048 - start.count)

        #expect(try LogoURL(longest).text == longest)
        #expect(throws: LogoURL.Fault.tooLong) { try LogoURL(longest + "a") }
    }

    // MARK: Placeholders

    @Test(arguments: [
        "Plain.", "", "{{name}}", "Hello {{ name }}, {{title}}{{when}}!", "{{name}}\n{{host}}", "👩‍👩‍👧 {{organization}}",
    ]) func `placeholders of the message are taken`(text: String) throws {
        try PlaceholderText.check(text, for: MessageKind.reminder.placeholders)
    }

    @Test(arguments: [
        ("{{inviter}}", PlaceholderText.Fault.unknownTag("inviter", at: 1)),
        ("Dear {{Name}}", .unknownTag("Name", at: 6)), ("{{}}", .unknownTag("", at: 1)),
        ("{{name}} {{#title}}", .unknownTag("#title", at: 10)), ("{{/title}}", .unknownTag("/title", at: 1)),
        ("{{&name}}", .unknownTag("&name", at: 1)), ("{{> head}}", .unknownTag("> head", at: 1)),
        ("{{! no }}", .unknownTag("! no", at: 1)), ("{{=<% %>=}}", .unknownTag("=<% %>=", at: 1)),
        ("{{na me}}", .unknownTag("na me", at: 1)), ("👩‍👩‍👧 {{x}}", .unknownTag("x", at: 3)),
    ]) func `every other tag is refused where it stands`(text: String, fault: PlaceholderText.Fault) {
        #expect(throws: fault) { try PlaceholderText.check(text, for: MessageKind.reminder.placeholders) }
    }

    @Test(arguments: [
        ("{{name", 1), ("{{name}", 1), ("a {name}", 3), ("name}}", 5), ("{{name}} }", 10), ("{{{name}}}", 1),
        ("{{name}}}", 9), ("{{a{{name}}", 1), ("{", 1), ("ab}", 3), ("{{name}}{{", 9),
    ]) func `a brace too many or too few is refused where it stands`(text: String, position: Int) {
        #expect(throws: PlaceholderText.Fault.unbalanced(at: position)) {
            try PlaceholderText.check(text, for: MessageKind.reminder.placeholders)
        }
    }

    @Test func `a filled template has the values, and a subject of one line`() {
        let template = MessageTemplate(subject: "{{title}} with {{ host }}", introduction: "Hello {{name}}: {{title}}")
        let filled = template.filled(with: [.title: "Maths\r\nBcc: x", .name: "{{host}}\nAda"])

        #expect(
            filled
                == MessageTemplate(subject: "Maths Bcc: x with ", introduction: "Hello {{host}}\nAda: Maths\r\nBcc: x"))
        #expect(throws: Never.self) { try PlainText.line(filled.subject) }
    }

    @Test(arguments: MessageKind.allCases) func `our own wording is one that we would take`(kind: MessageKind) throws {
        let draft = BrandingDraft(logoUrl: nil, accent: nil, accentDark: nil, templates: [kind: kind.standard])

        #expect(try draft.checked().template(kind) == kind.standard)
    }

    // MARK: The whole

    @Test func `every field that is wrong is named`() {
        let template = MessageTemplate(subject: "a\nb {{x}}", introduction: "}")
        let draft = BrandingDraft(
            logoUrl: "http://x", accent: "#ffff00", accentDark: "blue", templates: [.invitation: template])

        let error = #expect(throws: BrandingError.self) { try draft.checked() }
        guard case .refused(let faults) = error else { return }
        #expect(
            faults.map(\.field) == [
                "logoUrl", "palette.accent", "palette.accentDark", "templates.invitation.subject",
                "templates.invitation.subject", "templates.invitation.introduction",
            ])
    }
}
