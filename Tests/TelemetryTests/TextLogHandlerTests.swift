import Foundation
import Logging
import Synchronization
import Telemetry
import Testing

@Suite struct TextLogHandlerTests {
    final class Text: Sendable {
        let all = Mutex("")
        var written: String { all.withLock { $0 } }
    }
    let text = Text()

    func logger() -> Logger {
        Logger(label: "convene") { [text] _ in
            TextLogHandler(
                now: { Date(timeIntervalSince1970: 1_800_000_000.25) },
                write: { bytes in text.all.withLock { $0 += String(decoding: bytes, as: UTF8.self) } })
        }
    }

    @Test func `an entry is one line for somebody who reads it`() {
        logger().info("booked", metadata: ["session": "7", "by": "Ada Acme", "who": ["id": "8", "in": ["a", "b"]]])

        #expect(
            text.written == """
                08:00:00 info    booked by="Ada Acme" session=7 who.id=8 who.in.0=a who.in.1=b

                """)
    }

    @Test(arguments: ["password", "refresh_token", "Authorization"])
    func `a secret is masked by its name`(name: String) {
        logger().info(
            "hello", metadata: [name: "hunter2", "who": ["nested-\(name)": ["hunter2"]], "x": "Bearer hunter2"])

        #expect(!text.written.contains("hunter2"))
    }

    @Test func `nothing can begin a second line or steer the terminal`() {
        logger().warning("a\nb\r\u{1B}[31m\u{7F}\u{9B}é", metadata: ["k\n": "\u{1B}\u{85}"])

        #expect(text.written.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
        #expect(text.written.contains("é"))
    }

    @Test func `an ordinary stop is no error, and what lies below the level is not written`() {
        logger().error("Waiting on child channel: CancellationError()")
        logger().debug("x")

        #expect(text.written.isEmpty)
    }
}
