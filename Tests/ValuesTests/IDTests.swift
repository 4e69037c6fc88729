import Foundation
import Testing
import Values

@Suite struct IDTests {
    @Test func `a new id is a UUID of version 7 that begins with its time`() {
        let moment = Date(timeIntervalSince1970: 1_800_000_000.123)

        let id = SessionID(at: moment)

        let text = id.description
        #expect(Array(text)[14] == "7")
        #expect("89ab".contains(Array(text)[19]))
        #expect(UInt64(text.replacing("-", with: "").prefix(12), radix: 16) == 1_800_000_000_123)
    }

    @Test func `later ids are greater, as PostgreSQL orders them too`() {
        let ids = (0..<100).map { SessionID(at: Date(timeIntervalSince1970: Double(1_000_000 + $0))) }

        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }

    @Test func `text that is no UUID is no id`() {
        #expect(SessionID("") == nil)
        #expect(SessionID("018f3b0a-0000-7000-8000-00000000000g") == nil)
        #expect(
            SessionID("018f3b0a-0000-7000-8000-000000000001")?.description == "018f3b0a-0000-7000-8000-000000000001")
    }
}
