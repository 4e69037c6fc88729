import Foundation
import Testing
import Values

@Suite struct ExplanationTests {
    private enum Code: String, ExplanationCode {
        case plain, full
        var arguments: Set<String> { self == .plain ? [] : ["text", "number", "reason"] }
    }

    @Test func `an explanation is read back as it was written, whatever lies behind it`() throws {
        let explanation = Explanation(
            Code.full, ["text": .text("zoom"), "number": .number(404), "reason": .reason(Explanation(Code.plain))])

        let document = try JSONEncoder.convene.encode(explanation)

        #expect(try JSONDecoder.convene.decode(Explanation.self, from: document) == explanation)
        #expect(String(decoding: document, as: UTF8.self).contains(#""reason":{"arguments":{},"code":"plain"}"#))
    }

    @Test func `what somebody else wrote is one line without controls, and not long`() {
        let long = String(repeating: "e\u{301}", count: 300)

        #expect(Explanation.Argument.foreign("no\u{0}\r\n\u{202E}such user ") == .text("no such user"))
        #expect(Explanation.Argument.foreign(long).text?.unicodeScalars.count ?? 999 <= 200)
    }
}
