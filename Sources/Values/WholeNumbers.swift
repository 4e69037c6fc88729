package import Foundation

// `Int(x)` of a floating number ends the process when `x` is no number, infinite or too large, and `abs` does for the
// smallest integer. A number that came from outside may be any of them. So the compiler refuses the first wherever
// `Values` is imported, and `scripts/lint` both everywhere; this is what is written instead.

extension FixedWidthInteger {
    /// The whole part of `value`, what is behind the point being cut off; `nil` for what is no number or does not fit.
    package init?(whole value: Double) {
        self.init(exactly: value.rounded(.towardZero))
    }

    /// The whole part of `value`, or the nearest number there is when it does not fit; 0 for what is no number. For
    /// figures and waits of our own making, where being off is better than ending.
    package init(saturating value: Double) {
        if let number = Self(whole: value) {
            self = number
        } else {
            self = value.isNaN ? 0 : value < 0 ? .min : .max
        }
    }
}

extension Date {
    /// The times that are taken from outside, in this product's sense of them: from 1970 on and before 2200. All that
    /// calendars, PostgreSQL and other programs make of a time is safe within them.
    package static let plausible = Date(timeIntervalSince1970: 0)..<Date(timeIntervalSince1970: 7_258_118_400)

    /// `nil` for seconds that lead nowhere ``plausible``, and for what is no number.
    package init?(plausibleSecondsSince1970 seconds: Double) {
        let date = Date(timeIntervalSince1970: seconds)
        guard Self.plausible.contains(date) else { return nil }
        self = date
    }
}

// MARK: - What the compiler refuses

// A module's own initializer goes before the standard library's with the same signature, and a warning is an error here.

extension Int {
    @available(*, deprecated, message: "ends the process when it does not fit: say Int(whole:) or Int(saturating:)")
    package init(_ value: Double) { self.init(saturating: value) }
}

extension Int64 {
    @available(*, deprecated, message: "ends the process when it does not fit: say Int64(whole:) or Int64(saturating:)")
    package init(_ value: Double) { self.init(saturating: value) }
}

extension Int32 {
    @available(*, deprecated, message: "ends the process when it does not fit: say Int32(whole:) or Int32(saturating:)")
    package init(_ value: Double) { self.init(saturating: value) }
}

extension UInt64 {
    @available(
        *, deprecated, message: "ends the process when it does not fit: say UInt64(whole:) or UInt64(saturating:)"
    )
    package init(_ value: Double) { self.init(saturating: value) }
}

extension UInt32 {
    @available(
        *, deprecated, message: "ends the process when it does not fit: say UInt32(whole:) or UInt32(saturating:)"
    )
    package init(_ value: Double) { self.init(saturating: value) }
}

extension UInt8 {
    @available(*, deprecated, message: "ends the process when it does not fit: say UInt8(whole:) or UInt8(saturating:)")
    package init(_ value: Double) { self.init(saturating: value) }
}
