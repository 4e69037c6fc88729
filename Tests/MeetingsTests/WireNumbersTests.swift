import Foundation
import Outgoing
import Testing
import Values

@testable import Meetings

/// Whatever number a provider sends, we answer with an outcome.
@Suite struct WireNumbersTests {
    @Test(arguments: [("1770086400", 1_770_086_400), ("1770086400123", 1_770_086_400.123), ("946684800", 946_684_800)])
    func `a time comes in seconds or milliseconds`(text: String, seconds: Double) {
        #expect(Date(unixDigits: text) == Date(timeIntervalSince1970: seconds))
    }

    @Test(arguments: [
        "", "0", "-1", "nan", "inf", "-inf", "1e17", "1e9", "1.5e9", "1770086400.5", "+1770086400", " 1770086400",
        "0x7fffffff",
        "99999999999", "99999999999999", "9999999999999999999999", "१७७००८६४००", "946684799", "4102444800",
        "4102444800000",
    ])
    func `what is no time within sane years is none`(text: String) {
        #expect(Date(unixDigits: text) == nil)
    }

    @Test(arguments: [
        "99999999999999", "nan", "inf", "1e17", "-1770086400", "", "9223372036854775808",
    ])
    func `a reservation that ends at no time cannot be read`(end: String) async throws {
        try await Simulation.run { simulation in
            let body = """
                {"code": 0, "msg": "success", "data": {"reserve": {"id": "735", "meeting_no": "235812466",
                 "password": "1", "url": "https://vc.feishu.cn/j/235812466", "end_time": "\(end)"}}}
                """
            try await simulation.answer(create: body, at: .feishu)

            let outcome = await (try simulation.provider(.feishu)).create(simulation.request())

            guard case .unknown(let reason) = outcome else { throw Unexpected(outcome) }
            #expect(reason == .unusableMeeting(200))
        }
    }

    @Test(arguments: ["ftp://vc.feishu.cn/j/1", "", "javascript:alert(1)", "https://vc.feishu.cn/\\u0000"])
    func `a reservation that nobody can join cannot be read`(url: String) async throws {
        try await Simulation.run { simulation in
            let body = """
                {"code": 0, "data": {"reserve": {"id": "735", "meeting_no": "235812466", "url": "\(url)",
                 "end_time": "1770086400"}}}
                """
            try await simulation.answer(create: body, at: .feishu)

            let outcome = await (try simulation.provider(.feishu)).create(simulation.request())

            guard case .unknown = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test(arguments: ["-91234567890", "0", "-0", "1.5", "1e30", "99999999999999999999", "null", "\"91234567890\""])
    func `a meeting whose number is none cannot be read`(number: String) async throws {
        try await Simulation.run { simulation in
            let body = #"{"id": \#(number), "join_url": "https://zoom.us/j/1", "password": "1"}"#
            try await simulation.answer(create: body, at: .zoom)

            let outcome = await (try simulation.provider(.zoom)).create(simulation.request())

            guard case .unknown = outcome else { throw Unexpected(outcome) }
        }
    }

    @Test(
        arguments: [
            ("7", Duration.seconds(7)), ("0", .zero), ("1.5", .seconds(1.5)), ("99999999", .hours(24)),
            ("9999999999999999999999", .hours(24)), ("-5", nil), ("nan", nil), ("inf", nil), ("1e3", nil), ("", nil),
            ("soon", nil),
            ("Wed, 21 Oct 2026 07:28:00 GMT", nil), (String(repeating: "9", count: 500), nil),
        ] as [(String, Duration?)])
    func `a wait is a day at most, and nothing where it is none`(text: String, wait: Duration?) {
        #expect(Duration(secondsToWait: text) == wait)
        let failure = CallFailure(status: 503, retryAfter: text, code: "x", reason: .answered(400, "x"))
        #expect(failure == .later(after: wait, reason: .answered(400, "x")))
    }

    @Test(arguments: [Int.min, -1, 0, 1, 7200, Int.max])
    func `a token lives for a day at most`(seconds: Int) {
        #expect((.zero...Duration.hours(24)).contains(Duration(tokenLifetime: seconds)))
    }
}

@Suite struct TopicTests {
    private static let family = "👨‍👩‍👧‍👦", flag = "🇩🇪"

    @Test(arguments: [
        String(repeating: "x", count: 255), String(repeating: "🎉", count: 255), String(repeating: flag, count: 127),
        "e" + String(repeating: "\u{301}", count: 254), String(repeating: family, count: 60),
        String(repeating: "e\u{301}", count: 127), "short", "",
    ])
    func `a topic is cut by the strictest count, and between two signs`(text: String) {
        let cut = Topic.cut(text, to: 200)
        #expect(cut.utf16.count <= 200 && cut.unicodeScalars.count <= 200)
        #expect(text.unicodeScalars.starts(with: cut.unicodeScalars))
        #expect(text.utf16.count <= 200 ? cut == text : cut.utf16.count > 175)
        if text.first?.utf16.count ?? 0 <= 200 { #expect(text.hasPrefix(cut) && text.starts(with: cut)) }
    }

    @Test(arguments: [ProviderName.zoom, .feishu])
    func `the longest titles that can be booked are taken`(name: ProviderName) async throws {
        let accents = "e" + String(repeating: "\u{301}", count: 254)
        for topic in [String(repeating: Self.flag, count: 127), accents, String(repeating: Self.family, count: 200)] {
            try await Simulation.run { simulation in
                let outcome = await (try simulation.provider(name)).create(simulation.request(topic: topic))
                guard case .created = outcome else { throw Unexpected(outcome) }
            }
        }
    }
}

extension Simulation {
    /// The work of the next create is done, and `body` is said of it.
    func answer(create body: String, at provider: ProviderName) async throws {
        let fault = ["provider": provider.rawValue, "operation": "create", "mode": "answer", "body": body]
        try await self.fault(String(decoding: try JSONEncoder().encode(fault), as: UTF8.self))
    }
}
