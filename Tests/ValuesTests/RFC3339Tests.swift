import Foundation
import Testing

@testable import Values

@Suite struct RFC3339Tests {
    @Test(arguments: [
        ("2026-11-21T10:00:00Z", 1_795_255_200.0), ("2026-11-21T11:00:00+01:00", 1_795_255_200.0),
        ("2026-11-21T04:30:00-05:30", 1_795_255_200.0), ("2026-11-21t10:00:00z", 1_795_255_200.0),
        ("2026-11-21T10:00:00.250Z", 1_795_255_200.25), ("2026-11-21T10:00:00.5Z", 1_795_255_200.5),
        ("2026-11-21T10:00:00.250000000+00:00", 1_795_255_200.25), ("2026-11-21T10:00:00-00:00", 1_795_255_200.0),
        ("2028-02-29T00:00:00Z", 1_835_395_200.0), ("2000-02-29T23:59:59Z", 951_868_799.0),
        ("1970-01-01T00:00:00Z", 0.0), ("1969-12-31T23:59:59Z", -1.0), ("1970-01-02T14:00:00+14:00", 86_400.0),
        ("0000-01-01T00:00:00Z", -62_167_219_200.0), ("9999-12-31T23:59:59Z", 253_402_300_799.0),
    ]) func `a time with any offset is read`(text: String, seconds: Double) {
        #expect(RFC3339.date(from: text)?.timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        // Days and times that there are not.
        "2027-02-30T10:00:00Z", "2027-02-29T10:00:00Z", "2100-02-29T10:00:00Z", "2027-04-31T10:00:00Z",
        "2027-13-01T10:00:00Z", "2027-00-10T10:00:00Z", "2027-01-00T10:00:00Z", "2027-01-32T10:00:00Z",
        "2027-01-05T24:00:00Z", "2027-01-05T25:00:00Z", "2027-01-05T10:60:00Z", "2027-01-05T10:00:60Z",
        "2016-12-31T23:59:60Z", "2027-01-05T10:00:61Z", "2027-01-05T10:00:00+24:00", "2027-01-05T10:00:00+01:60",
        "2027-01-05T10:00:00+01:99", "2027-01-05T10:00:00+14:01", "2027-01-05T10:00:00+14:30",
        "2027-01-05T10:00:00+15:00", "2027-01-05T10:00:00-15:59", "2027-01-05T10:00:00-23:59",
        // Something more, or something less.
        "2027-01-05T10:00:00Zjunk", "2027-01-05T10:00:00Z+05:00", "2027-01-05T10:00:00Z ", " 2027-01-05T10:00:00Z",
        "2027-01-05T10:00:00ZZ", "2027-01-05T10:00:00+01:00Z", "2027-01-05T10:00:00+01:000", "2027-01-05T10:00:00",
        "2027-01-05T10:00Z", "2027-01-05T10Z", "2027-01-05", "10:00", "", "Z", "2027-01-05T10:00:00+0100",
        "2027-01-05T10:00:00+01", "2027-01-05T10:00:00+1:00", "2027-1-5T10:00:00Z", "2027-01-05T1:00:00Z",
        "27-01-05T10:00:00Z", "12027-01-05T10:00:00Z", "+2027-01-05T10:00:00Z", "-2027-01-05T10:00:00Z",
        // Written in another way.
        "2027-01-05 10:00:00Z", "2027-01-05_10:00:00Z", "20270105T100000Z", "2027-W01-2T10:00:00Z",
        "2027-005T10:00:00Z", "2027/01/05T10:00:00Z", "2027-01-05T10.00.00Z", "2027-01-05T10:00:00 CST",
        "2027-01-05T10:00:00UTC", "2027-01-05T10:00:00\u{2212}01:00", "2027-01-05T10:00:00,5Z",
        "2027-01-05T10:00:00.Z", "2027-01-05T10:00:00.1234567890Z", "2027-01-05T10:00:00.-5Z",
        "2027-01-05T10:00:00.+5Z", "2027-01-05T+9:00:00Z", "2027-01-05T 9:00:00Z", "2027-01-05T10:00:0xZ",
        "٢٠٢٧-٠١-٠٥T١٠:٠٠:٠٠Z", "２０２７-01-05T10:00:00Z", "2027-01-05T10:00:00Z\0", "2027-01-05T10:00:00Z\u{301}",
        "2027-01-05T10:00:00Z\n", "now", "1795255200", "2027-01-05T10:00:00.99999999999999999999999999999999Z",
    ]) func `anything else is refused`(text: String) {
        #expect(RFC3339.date(from: text) == nil)
    }

    @Test func `numbers of every size are read as the calendar of another library reads them`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var random = SystemRandomNumberGenerator()
        var right = 0
        for _ in 0..<5000 {
            // Past the Gregorian reform, which that calendar minds, and one beyond each limit.
            let (year, month, day) = (
                Int.random(in: 1600...2400, using: &random), Int.random(in: 0...13, using: &random),
                Int.random(in: 0...32, using: &random)
            )
            let (hour, minute, second) = (
                Int.random(in: 0...24, using: &random), Int.random(in: 0...60, using: &random),
                Int.random(in: 0...60, using: &random)
            )
            let (hours, minutes) = (Int.random(in: 0...24, using: &random), Int.random(in: 0...60, using: &random))
            let isEast = Bool.random(using: &random)
            func padded(_ number: Int, _ digits: Int = 2) -> String {
                String(repeating: "0", count: digits - String(number).count) + String(number)
            }
            let text =
                "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(padded(hour)):\(padded(minute)):\(padded(second))"
                + "\(isEast ? "+" : "-")\(padded(hours)):\(padded(minutes))"
            let parts = DateComponents(
                calendar: calendar, timeZone: .gmt, year: year, month: month, day: day, hour: hour, minute: minute,
                second: second)
            let isRight = parts.isValidDate && minutes < 60 && hours * 60 + minutes <= 14 * 60
            let local = isRight ? calendar.date(from: parts) : nil

            #expect(
                RFC3339.date(from: text)
                    == local?.addingTimeInterval(Double((isEast ? -60 : 60) * (hours * 60 + minutes))),
                "\(text)")
            right += isRight ? 1 : 0
        }
        #expect(right > 1000)
    }

    @Test func `no text ends the process`() {
        var random = SystemRandomNumberGenerator()
        let signs = Array("0123456789-:+.TtZz 9٣\u{301}é\0")
        for length in 0..<60 {
            for _ in 0..<50 {
                _ = RFC3339.date(from: String((0..<length).map { _ in signs.randomElement(using: &random) ?? "0" }))
            }
        }
    }
}

@Suite struct CalendarDayTests {
    @Test(arguments: [
        ("2027-01-05", 2027, 1, 5), ("2028-02-29", 2028, 2, 29), ("2000-02-29", 2000, 2, 29),
        ("0001-12-31", 1, 12, 31),
    ]) func `a day is read`(text: String, year: Int, month: Int, day: Int) {
        #expect(CalendarDay(text) == CalendarDay(year: year, month: month, day: day))
    }

    @Test(arguments: [
        "2027-02-29", "1900-02-29", "2027-06-31", "2027-13-01", "2027-00-01", "2027-01-00", "2027-1-5", "2027-01-05 ",
        " 2027-01-05", "2027-01-05T00:00:00Z", "20270105", "2027-01", "12027-01-05", "2027-01-5x", "", "tomorrow",
        "２０２７-01-05",
    ]) func `a day that there is not is none`(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func `days are numbered one after the other`() throws {
        var number = try #require(CalendarDay("1599-12-31")).number
        for year in 1600...2400 {
            for month in 1...12 {
                for day in 1...31 {
                    guard let day = CalendarDay(year: year, month: month, day: day) else { continue }
                    number += 1
                    #expect(day.number == number)
                }
            }
        }
        #expect(CalendarDay("1970-01-01")?.number == 0)
    }
}
