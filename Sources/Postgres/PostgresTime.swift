import Foundation

/// PostgreSQL's text form of `timestamptz` in a session whose zone is UTC: `2026-11-21 09:30:00.123456+00`.
enum PostgresTime {

    /// What a time outside the years 1 to 9999 is bound as. PostgreSQL takes it for no time and refuses the statement
    /// (22007), where a conversion to an integer would end the process.
    static let outOfRange = "a time outside the years 1 to 9999"

    static func text(from date: Date) -> String {
        // Not a number fails both comparisons.
        guard date.timeIntervalSince1970 >= -62_135_596_800, date.timeIntervalSince1970 < 253_402_300_799.999_99,
            let microseconds = Int64(exactly: (date.timeIntervalSince1970 * 1_000_000).rounded())
        else { return outOfRange }
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let (whole, rest) = fraction < 0 ? (seconds - 1, fraction + 1_000_000) : (seconds, fraction)
        let (days, time) = floorDivide(whole, 86400)
        let (year, month, day) = civil(fromDays: days)
        func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
        // Fewer than four digits would not be read as a year.
        let years = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        var text = "\(years)-\(two(month))-\(two(day)) \(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
        if rest != 0 {
            let digits = String(rest)
            text += "." + String(repeating: "0", count: 6 - digits.count) + digits
        }
        return text + "+00"
    }

    /// `nil` when `text` is not in that form; `infinity` is not.
    static func date(from text: Slice<UnsafeBufferPointer<UInt8>>) -> Date? {
        var bytes = text
        func number(_ stop: UInt8?) -> Int64? {
            var value: Int64 = 0
            var digits = 0
            while let byte = bytes.first, byte >= 0x30, byte <= 0x39, digits < 7 {
                value = value * 10 + Int64(byte - 0x30)
                digits += 1
                bytes.removeFirst()
            }
            guard digits > 0 else { return nil }
            if let stop {
                guard bytes.first == stop else { return nil }
                bytes.removeFirst()
            }
            return value
        }
        guard let year = number(0x2D), let month = number(0x2D), let day = number(0x20),
            let hour = number(0x3A), let minute = number(0x3A), let second = number(nil)
        else { return nil }
        var microseconds: Int64 = 0
        if bytes.first == 0x2E {
            bytes.removeFirst()
            var scale: Int64 = 100_000
            while let byte = bytes.first, byte >= 0x30, byte <= 0x39 {
                microseconds += Int64(byte - 0x30) * scale
                scale /= 10
                bytes.removeFirst()
            }
        }
        guard bytes.elementsEqual("+00".utf8) else { return nil }
        let days = daysFromCivil(year: year, month: month, day: day)
        let seconds = days * 86400 + hour * 3600 + minute * 60 + second
        return Date(timeIntervalSince1970: Double(seconds * 1_000_000 + microseconds) / 1_000_000)
    }

    // Days since 1970 and back in the proleptic Gregorian calendar, counting years from March so that the leap day is
    // a year's last. Foundation's Calendar does the same some fifty times slower, once for each value of each row.
    private static func daysFromCivil(year: Int64, month: Int64, day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(y, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719468, 146097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
