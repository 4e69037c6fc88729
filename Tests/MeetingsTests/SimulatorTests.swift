import Foundation
import Meetings
import Outgoing
import Testing
import Values

@testable import Simulators

/// The simulators run in the demo's process: nothing that they are asked may end it, and they are as strict as the real
/// ones.
@Suite struct SimulatorTests {
    @Test func `no number that they are sent ends them`() async throws {
        let numbers = [
            "-1", "-9223372036854775808", "9223372036854775807", "99999999999999999999", "1e400", "nan", "0.5", "",
            "\"x\"",
        ]
        try await Simulation.run { simulation in
            let meeting = try await simulation.create(at: .zoom)
            let reservation = try await simulation.create(at: .feishu)
            func send(_ method: OutgoingRequest.Method, _ path: String, _ body: String = "") async throws {
                let url = try #require(URL(string: simulation.url.absoluteString + path))
                let answer = try await simulation.control.send(OutgoingRequest(method, url, body: Data(body.utf8)))
                #expect(answer.status < 500, "\(path) \(body)")
            }
            for number in numbers {
                let escaped = number.replacing("\"", with: "%22")
                for page in ["page\(escaped)", escaped] {
                    try await send(
                        .get, "/zoom/v2/users/x/meetings?page_size=\(escaped)&next_page_token=\(page)&from=\(escaped)")
                    try await send(.get, "/zoom/v2/users/x/meetings?page_size=30&next_page_token=\(page)")
                }
                for field in ["status", "delayMs", "retryAfterSeconds", "count"] {
                    let fault = #"{"mode": "slow", "operation": "cancel", "\#(field)": \#(number)}"#
                    try await send(.put, "/_control/faults", fault)
                }
                try await send(.delete, "/_control/faults")
                try await send(
                    .post, "/_control/meetings/zoom/\(meeting.reference.id)/events",
                    #"{"events": [{"type": "started"}], "delayMs": \#(number)}"#)
                try await send(.post, "/feishu/open-apis/vc/v1/reserves/apply", #"{"end_time": "\#(escaped)"}"#)
            }
            for time in ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "-5", ""] {
                try await send(
                    .post, "/_control/meetings/feishu/\(reservation.reference.id)/events",
                    #"{"events": [{"type": "ended", "at": "\#(time)"}]}"#)
            }
            _ = try await simulation.create(at: .zoom)
        }
    }

    @Test(arguments: [(200, true), (201, false)])
    func `Zoom's takes a topic of 200 code points and no more`(length: Int, isTaken: Bool) throws {
        let document = try #require(
            readSnakeCase(
                ZoomMeetingDocument.self,
                from: Data(#"{"topic": "\#(String(repeating: "\u{301}", count: length))"}"#.utf8)))
        #expect(((try? document.check()) != nil) == isTaken)
    }

    @Test(arguments: [(1000, true), (1001, false)])
    func `Feishu's takes a topic of 1,000 code points and no more`(length: Int, isTaken: Bool) throws {
        let topic = String(repeating: "x", count: length)
        let document = try #require(
            readSnakeCase(
                FeishuReserveDocument.self, from: Data(#"{"meeting_settings": {"topic": "\#(topic)"}}"#.utf8)))
        #expect(((try? document.topic()) != nil) == isTaken)
    }
}
