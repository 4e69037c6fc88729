import Branding
import Foundation
import Outgoing
import Testing

@testable import Notifications

@Suite struct MailTests {
    private static let link = "https://convene.example/join?token=a%2Bb&next=%2Fweek"
    private static let moment = Date(timeIntervalSince1970: 1_795_266_758)

    private static func everyKind() throws -> [Mail.Kind] {
        let link = try #require(URL(string: link))
        return [
            .invitation(link: link, expires: moment, inviter: "Clara Weiss", role: "mentor"),
            .magicLink(link: link, expires: moment), .signUp(link: link, expires: moment), .accountExists(link: link),
            .unfamiliarSignIn(at: moment, address: "203.0.113.7", device: "Firefox on Linux", link: link),
            .secondFactorOn(at: moment, address: "203.0.113.7", link: link),
            .secondFactorOff(at: moment, address: nil, link: link),
            .passwordChanged(at: moment, address: nil, link: link), .removed(at: moment),
        ]
    }

    private func written(_ mail: Mail) async throws -> MailTemplates.Written {
        try await MailTemplates().written(mail, to: try MailAddress("mei@demo.example"))
    }

    private func invitation(
        inviter: String? = "Clara", wording: MessageTemplate? = nil,
        branding: MailBranding = MailBranding(organization: "North"),
        to name: String? = "Mei"
    ) throws -> Mail {
        Mail(
            .invitation(
                link: try #require(URL(string: Self.link)), expires: Self.moment, inviter: inviter, role: nil),
            branding: branding, to: name, timeZone: "Asia/Tokyo", wording: wording)
    }

    @Test func `every mail is whole, in text and in HTML`() async throws {
        for kind in try Self.everyKind() {
            let mail = Mail(kind, branding: MailBranding(organization: "Northlight"), to: "Mei Tanaka")
            let written = try await written(mail)

            #expect(written.subject.count > 10)
            for body in [written.text, written.html] {
                #expect(body.contains("Hello Mei Tanaka,") && body.contains("Northlight"))
                #expect(!body.contains("{{") && !body.contains("}}"))
            }
            #expect(written.html.hasPrefix("<!doctype html>") && written.html.hasSuffix("</html>"))
            #expect(!written.html.contains("<script") && !written.text.contains("<"))
            if case .removed = kind { continue }
            #expect(written.text.contains("\n\(Self.link)\n"))
            let escaped = Self.link.replacing("&", with: "&amp;")
            #expect(written.html.contains("<a href=\"\(escaped)\"") && written.html.contains(">\(escaped)</a>"))
        }
    }

    @Test func `a mail is the same after it has waited`() throws {
        for kind in try Self.everyKind() {
            let mail = Mail(kind, branding: MailBranding(organization: "North", accent: "#123456"), to: "Mei")

            #expect(try JSONDecoder().decode(Mail.self, from: try JSONEncoder().encode(mail)) == mail)
        }
    }

    @Test func `an invitation says who invites, whereto, as what and until when`() async throws {
        let written = try await written(invitation())

        #expect(written.subject == "Your invitation to North")
        #expect(written.text.contains("Clara invites you to join North."))
        #expect(written.text.contains("until Saturday, 21 November 2026 at 22:12 (Asia/Tokyo)."))
        #expect(written.text.contains("sent to mei@demo.example"))
    }

    @Test func `what is not known is left out`() async throws {
        let written = try await written(invitation(inviter: nil, branding: MailBranding(), to: nil))

        #expect(written.text.hasPrefix("You are invited to join Convene."))
        #expect(!written.html.contains("Hello") && !written.html.contains("<img"))
    }

    @Test func `an organization's logo and color are in its mails`() async throws {
        let branding = MailBranding(
            organization: "North", logo: URL(string: "https://north.example/logo.png"), accent: "#FFEE00")
        let written = try await written(invitation(branding: branding))

        #expect(written.html.contains(#"<img src="https://north.example/logo.png" alt="North""#))
        #expect(written.html.contains("background:#FFEE00;color:#000000"))
        #expect(MailBranding(accent: "#1a237e").onAccent == "#ffffff")
    }

    @Test(arguments: ["red;}", "#12345", "#1234567", "javascript:x", "\"><b>"])
    func `what is no color or address of a logo is left out`(text: String) {
        let branding = MailBranding(organization: "North", logo: URL(string: text), accent: text)

        #expect(branding == MailBranding(organization: "North"))
    }

    @Test func `a name is text in either part`() async throws {
        let evil = #"<b>"Eve"</b> & {{link}}"#
        let mail = try invitation(inviter: evil, branding: MailBranding(organization: evil), to: evil)
        let written = try await written(mail)

        #expect(written.text.contains("\(evil) invites you to join \(evil)."))
        #expect(!written.html.contains("<b>") && written.html.contains("&lt;b&gt;"))
        #expect(
            written.html.components(separatedBy: "{{link}}").count == written.html.components(separatedBy: "Eve").count)
    }

    @Test func `an organization words its invitations itself`() async throws {
        let wording = MessageTemplate(
            subject: "{{ inviter }} → {{organization}}",
            introduction: "Dear {{name}},\n\n<i>welcome</i>\nto us.\n\n\nBye")
        let written = try await written(invitation(inviter: "{{name}}", wording: wording))

        #expect(written.subject == "{{name}} → North")
        #expect(written.text.hasPrefix("Dear Mei,\n\n<i>welcome</i>\nto us.\n\nBye\n\nAccept the invitation:\n"))
        #expect(written.html.contains(">Dear Mei,</p>") && written.html.contains("&lt;i&gt;welcome"))
        #expect(!written.html.contains("Hello Mei"))
    }
}
