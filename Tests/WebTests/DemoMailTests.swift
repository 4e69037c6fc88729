import Foundation
import Testing

@testable import Web

@Suite struct DemoMailTests {
    @Test func `links in a mail can be followed, and nothing else is one`() {
        let text = "Sign in:\nhttps://convene.example/in?token=a%2Bb&x=1\n\njavascript:alert(1) <http://a.example> end"

        #expect(
            DemoMailPage.pieces(of: text) == [
                .init(text: "Sign in:\n"), .init(link: "https://convene.example/in?token=a%2Bb&x=1"),
                .init(text: "\n\njavascript:alert(1) <"), .init(link: "http://a.example"), .init(text: "> end"),
            ])
        #expect(DemoMailPage.pieces(of: "") == [])
    }

    @Test func `a mail's text is escaped`() async throws {
        let templates = try await PageTemplates(assetVersion: "1")
        let mail = DemoMail(
            to: "a@demo.example", subject: "<b>s</b>", text: "<i>t</i> https://a.example/?x=\"y", date: Date())

        let reply = try templates.reply("demo-mail", title: "Mails", visitor: nil, DemoMailPage([mail]))

        let body = try #require(try await reply.body.text())
        #expect(!body.contains("<b>") && !body.contains("<i>") && body.contains("&lt;i&gt;"))
        #expect(body.contains(#"<a href="https://a.example/?x=">"#))
    }
}
