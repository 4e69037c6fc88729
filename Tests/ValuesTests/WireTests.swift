import Foundation
import Testing
import Values

@Suite struct WireTests {
    @Test func `times are answered in UTC, with milliseconds only when there are some`() {
        #expect(RFC3339.text(from: Date(timeIntervalSince1970: 1_795_255_200)) == "2026-11-21T10:00:00Z")
        #expect(RFC3339.text(from: Date(timeIntervalSince1970: 1_795_255_200.25)) == "2026-11-21T10:00:00.250Z")
    }

    @Test func `every millisecond is told as itself, and what lies between as the one before`() throws {
        for millisecond in 0..<1000 {
            let moment = Date(timeIntervalSince1970: 1_795_255_200 + Double(millisecond) / 1000)
            let text = RFC3339.text(from: moment)

            let back = try #require(RFC3339.date(from: text))
            #expect(abs(back.timeIntervalSince(moment)) < 0.000_01, "\(millisecond)")
            #expect(RFC3339.text(from: moment.addingTimeInterval(0.000_998)) == text)
        }
    }

    @Test func `a cursor comes back as it was given out`() {
        let cursor = Cursor(moment: Date(timeIntervalSince1970: 1_795_255_200.123456), id: UUID())

        let back = Cursor(cursor.text)

        #expect(back == cursor)
        #expect(abs((back?.moment?.timeIntervalSince1970 ?? 0) - 1_795_255_200.123456) < 0.000001)
    }

    @Test(arguments: ["", "x", "AAAA", "////", String(repeating: "A", count: 2000)])
    func `what is no cursor of ours is refused`(text: String) {
        #expect(Cursor(text) == nil)
    }

    @Test func `a page tells of the next one only when there is one`() {
        func page(_ count: Int) -> Page<Int> {
            Page(Array(0..<count), limit: 3) { Cursor(key: String($0), id: UUID()) }
        }
        #expect(page(3).nextCursor == nil)
        #expect(page(4).items == [0, 1, 2])
        #expect(page(4).nextCursor.flatMap { Cursor($0) }?.key == "2")
    }

    @Test func `ranges hold their start and not their end`() {
        let start = Date(timeIntervalSince1970: 0)
        let first = TimeRange(start: start, duration: .minutes(60))

        #expect(!first.overlaps(TimeRange(start: first.end, duration: .minutes(30))))
        #expect(first.overlaps(TimeRange(start: start.advanced(by: .minutes(59)), duration: .minutes(30))))
    }
}
