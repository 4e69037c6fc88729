/// A day of the Gregorian calendar, wherever it may be.
package struct CalendarDay: Sendable, Hashable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// - Returns: `nil` for a day that there is not, such as 30 February, and for years after 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month),
            (1...Self.length(ofMonth: month, in: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// - Parameter text: `2027-02-28`, and nothing else: all digits are there, and nothing follows.
    package init?(_ text: String) {
        var reader = DigitReader(text)
        guard let day = reader.day(), reader.isAtEnd else { return nil }
        self = day
    }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1 January 1970.
    var number: Int {
        // Counted in years that begin in March, so that the odd day comes last.
        let (year, month) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * month + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Reads numbers of a fixed length out of text. ASCII digits only: other scripts' are none to a program.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    /// - Returns: `nil` unless exactly `count` digits begin the rest, and their number is within `limits`.
    mutating func number(digits count: Int, within limits: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return limits.contains(number) ? number : nil
    }

    /// Takes one of `signs`, when it is next.
    mutating func take(_ signs: Unicode.Scalar...) -> Unicode.Scalar? {
        guard let next = rest.first.map({ Unicode.Scalar($0) }), signs.contains(next) else { return nil }
        rest = rest.dropFirst()
        return next
    }

    /// `2027-02-28`
    mutating func day() -> CalendarDay? {
        guard let year = number(digits: 4, within: 0...9999), take("-") != nil,
            let month = number(digits: 2, within: 1...12), take("-") != nil,
            let day = number(digits: 2, within: 1...31)
        else { return nil }
        return CalendarDay(year: year, month: month, day: day)
    }

    /// `.25`, of at most nine digits; 0 where there is none.
    mutating func fraction() -> Double? {
        guard take(".") != nil else { return 0 }
        let count = rest.prefix { (0x30...0x39).contains($0) }.count
        guard (1...9).contains(count), let number = number(digits: count, within: 0...999_999_999) else { return nil }
        return Double(number) / (0..<count).reduce(1) { power, _ in power * 10 }
    }
}
