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
}
