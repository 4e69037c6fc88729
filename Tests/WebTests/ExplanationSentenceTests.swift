import Durable
import Foundation
import HTTP
import Meetings
import Notifications
import Outgoing
import Provisioning
import Testing
import Values

@testable import Web

@Suite struct ExplanationSentenceTests {
    private static let types: [any ExplanationCode.Type] = [
        AccountCheck.Code.self, CallReason.self, JobReason.self, MailFailure.Code.self, MailReason.self,
        MeetingReason.self, OutgoingError.Code.self,
    ]

    private struct Declared {
        let code: String, arguments: Set<String>

        static func all(of type: (some ExplanationCode).Type) -> [Declared] {
            type.allCases.map { Declared(code: $0.rawValue, arguments: $0.arguments) }
        }
    }

    private let declared = types.flatMap { Declared.all(of: $0) }

    @Test func `each code has one sentence, which names nothing that the code has not`() {
        for one in declared {
            let sentence = Explanations.sentences[one.code] ?? "{no sentence}"
            let named = sentence.matches(of: /\{([^}]*)\}/).map { String($0.1) }
            #expect(one.arguments.isSuperset(of: named), "\(one.code): \(sentence)")
        }
        #expect(declared.map(\.code).sorted() == Explanations.sentences.keys.sorted())
    }

    @Test func `no context's codes are forgotten here`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            count += try String(contentsOf: file, encoding: .utf8).matches(of: /enum \w+: String, ExplanationCode/)
                .count
        }

        #expect(count == Self.types.count)
    }

    @Test func `a sentence names the provider as people do, and says what lies behind it`() {
        let refused = Explanation(
            MeetingReason.refused, ["provider": .text("zoom"), "reason": .reason(.answered(404, "No such user."))])

        #expect(refused.sentence == "Zoom refused to make the meeting: HTTP 404: No such user.")
    }

    @Test func `what somebody wrote turns no sentence around`() {
        #expect(Explanation.answered(400, "שלום").sentence == "HTTP 400: \u{2068}שלום\u{2069}")
        #expect(Explanation.answered(400, "{status}").sentence == "HTTP 400: {status}")
    }

    @Test func `a code of another version is told as it is`() throws {
        let document = Data(#"{"code": "moon_is_full", "arguments": {"phase": 1}}"#.utf8)

        #expect(try JSONDecoder.convene.decode(Explanation.self, from: document).sentence == "moon is full")
    }

    @Test func `the audit log tells an explanation and a failure in words, and other documents as they are`() throws {
        let gone: JSONValue = ["code": "meeting_gone", "arguments": ["provider": "zoom"]]
        let failure: JSONValue = ["code": "x", "reason": gone, "requiresManualIntervention": true]

        #expect(Explanation(gone)?.sentence == "Zoom has forgotten the meeting of a session.")
        #expect(Explanation(failure)?.sentence == Explanation(gone)?.sentence)
        #expect(Explanation(["code": "x", "arguments": 1]) == nil && Explanation("meeting_gone") == nil)
    }
}
