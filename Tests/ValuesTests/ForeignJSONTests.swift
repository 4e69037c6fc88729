import Foundation
import Testing
import Values

@Suite struct ForeignJSONTests {
    private struct Answer: Decodable { let id: String }

    private func decode(_ text: String) throws -> String {
        try JSONDecoder().decode(Answer.self, fromForeign: Data(text.utf8), bytes: 1000).id
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test func `what is asked for is read, whatever stands in its texts`() throws {
        #expect(try decode(#"{"id":"a","more":{"x":[1,{"y":"\#(String(repeating: "[{", count: 100))"}]}}"#) == "a")
        #expect(try decode(#"{"id":"\"[\\","more":\#(nested(63))}"#) == #""[\"#)
    }

    @Test func `what is deep, large or in another encoding is not decoded`() {
        #expect(throws: ForeignJSON.Excess.tooDeep) { try decode(#"{"id":"a","more":\#(nested(64))}"#) }
        #expect(throws: ForeignJSON.Excess.tooDeep) { try decode(#"{"id":"a\\","more":\#(nested(64))}"#) }
        #expect(throws: ForeignJSON.Excess.tooLarge) {
            try decode(#"{"id":"\#(String(repeating: "a", count: 1000))"}"#)
        }
        #expect(throws: ForeignJSON.Excess.otherEncoding) {
            try ForeignJSON.check(nested(2).data(using: .utf16LittleEndian) ?? Data())
        }
    }
}
