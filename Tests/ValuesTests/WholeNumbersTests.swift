import Foundation
import Testing
import Values

@Suite struct WholeNumbersTests {
    @Test(arguments: [
        Double.nan, .infinity, -.infinity, 1e300, 9.3e18, -9.3e18, .greatestFiniteMagnitude,
    ]) func `no number is too odd to be looked at`(value: Double) {
        #expect(Int(whole: value) == nil && Int64(whole: value) == nil && UInt8(whole: value) == nil)
        #expect(Date(plausibleSecondsSince1970: value) == nil)
        #expect([Int.min, 0, .max].contains(Int(saturating: value)))
    }

    @Test func `what fits is kept, and the rest cut to what does`() {
        #expect(Int(whole: -2.9) == -2 && UInt8(whole: 255.9) == 255 && UInt8(whole: 256) == nil)
        #expect(UInt8(saturating: 300) == 255 && UInt8(saturating: -1) == 0 && Int(saturating: .nan) == 0)
    }

    @Test(arguments: [
        "-9223372036854775808", "9223372036854775807", "-9223372036854775807", "99999999999999999999",
        "4503599627370497",
        "nan", "1e3", "", " ",
    ]) func `a cursor with any number is one of no time`(key: String) {
        #expect(Cursor(key: key, id: UUID()).moment == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -1e300, 1e300]) func `a cursor of any time is made without harm`(
        seconds: Double
    ) {
        #expect(!Cursor(moment: Date(timeIntervalSince1970: seconds), id: UUID()).text.isEmpty)
    }
}
