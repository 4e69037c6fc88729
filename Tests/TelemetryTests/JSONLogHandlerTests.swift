import Foundation
import Logging
import Synchronization
import Telemetry
import Testing

@Suite struct JSONLogHandlerTests {
    final class Lines: Sendable {
        let all = Mutex<[String]>([])
        var only: String { all.withLock { $0.count == 1 ? $0[0] : "\($0.count) lines" } }
    }
    let lines = Lines()

    func logger(_ provider: Logger.MetadataProvider? = nil) -> Logger {
        Logger(label: "convene.web") { [lines] label in
            JSONLogHandler(
                label: label, metadataProvider: provider, now: { Date(timeIntervalSince1970: 1_800_000_000.25) },
                write: { bytes in lines.all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } })
        }
    }

    func entry() throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(lines.only.utf8))
    }

    @Test func `an entry is one line of JSON`() {
        logger().info("booked", metadata: ["session": "7", "requestId": "r1"])

        #expect(
            lines.only == """
                {"time":"2027-01-15T08:00:00.250Z","level":"info","logger":"convene.web","message":"booked",\
                "requestId":"r1","session":"7"}

                """)
    }

    @Test(arguments: [
        "password", "newPassword", "clientSecret", "refresh_token", "Authorization", "Set-Cookie", "passcode",
        "x-api-key",
    ])
    func `a secret is masked by its name`(name: String) throws {
        logger().info("hello", metadata: [name: "hunter2", "who": ["nested-\(name)": "hunter2"]])

        #expect(!lines.only.contains("hunter2"))
        #expect(try entry()["who.nested-\(name)"] == "[redacted]")
    }

    @Test func `everything below a secret name is masked, and so is a bearer under another name`() {
        logger().info(
            "hello",
            metadata: [
                "tokens": ["access": "hunter2"], "header": "Bearer hunter2", "list": [["secret": "hunter2"], "plain"],
            ])

        #expect(!lines.only.contains("hunter2"))
        #expect(lines.only.contains(#""list":[{"secret":"[redacted]"},"plain"]"#))
    }

    @Test func `nothing can begin a second line or steer a terminal`() throws {
        let nasty = "a\nb\r\u{1B}[31m\u{7F}\u{9B}\"\\ €é\u{85}"
        logger().warning("\(nasty)", metadata: ["k\n": "\(nasty)"])

        #expect(lines.only.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
        #expect(try entry()["message"] == nasty)
        #expect(try entry()["k\n"] == nasty)
    }

    @Test func `metadata of the entry wins over the task's and that over the logger's`() throws {
        var logger = logger(Logger.MetadataProvider { ["a": "task", "b": "task"] })
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "b"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.info("x", metadata: ["a": "entry"])

        let entry = try entry()
        #expect(entry["a"] == "entry" && entry["b"] == "task" && entry["c"] == "logger")
    }

    @Test func `metadata cannot pass for the entry's own fields`() throws {
        logger().info("x", metadata: ["level": "critical", "message": "forged"])

        let entry = try entry()
        #expect(entry["level"] == "info" && entry["_level"] == "critical" && entry["_message"] == "forged")
    }

    @Test func `an ordinary stop is no error`() {
        logger().error("Waiting on child channel: CancellationError()")
        #expect(lines.only == "0 lines")

        logger().error("Waiting on child channel: another")
        #expect(lines.only.contains(#""level":"error""#))
    }

    @Test func `entries below the level are not written`() {
        logger().debug("x")

        #expect(lines.all.withLock { $0.isEmpty })
    }
}
