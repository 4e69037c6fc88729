import Foundation
import Testing
import Values

@testable import Web

@Suite struct LocalTimeTests {
    private let berlin = LocalTime("Europe/Berlin")

    private func moment(_ text: String) throws -> Date { try #require(RFC3339.date(from: text)) }

    @Test(arguments: [
        "", "abc", "2027-02-30", "2027-13-01", "2027-5-5", "0027-05-05", "99999-01-01", "2027-05-05junk",
        "2027-05-05T10:00:00Z", "-2027-01-01", "2199-12-32",
    ])
    func `what is no day of the calendar is none`(text: String) { #expect(berlin.day(from: text) == nil) }

    @Test(arguments: ["UTC", "Europe/Berlin", "America/Santiago", "Pacific/Apia", "Asia/Kathmandu"])
    func `every day of two years is read back as it is written`(zone: String) throws {
        let time = LocalTime(zone)
        let first = try moment("2026-11-25T12:00:00Z")
        for number in 0..<730 {
            let text = time.isoDay(first.advanced(by: .hours(24 * number)))
            #expect(time.day(from: text).map(time.isoDay) == text)
        }
    }

    @Test func `an hour that comes twice is told with its offset`() throws {
        #expect(try berlin.clock(moment("2027-10-31T00:30:00Z")) == "02:30 (UTC+02:00)")
        #expect(try berlin.clock(moment("2027-10-31T01:30:00Z")) == "02:30 (UTC+01:00)")
        #expect(try berlin.clock(moment("2027-10-30T23:59:00Z")) == "01:59")
        #expect(try berlin.clock(moment("2027-10-31T02:00:00Z")) == "03:00")
        #expect(try berlin.clock(moment("2027-03-28T00:59:00Z")) == "01:59")
        #expect(try berlin.clock(moment("2027-03-28T01:00:00Z")) == "03:00")
        // Half an hour is put back here.
        #expect(try LocalTime("Australia/Lord_Howe").clock(moment("2027-04-03T14:45:00Z")) == "01:45 (UTC+11:00)")
    }

    @Test func `a week in which clocks change has two offsets`() throws {
        let week = try WeekPage.range(around: moment("2027-03-24T12:00:00Z"), berlin)
        #expect(berlin.offsets(from: week.start, to: week.end) == "UTC+01:00, from Sunday UTC+02:00")
        let next = try WeekPage.range(around: moment("2027-03-31T12:00:00Z"), berlin)
        #expect(berlin.offsets(from: next.start, to: next.end) == "UTC+02:00")
    }

    @Test(arguments: [
        "/sign-in", "/sign-in?next=/sign-in", "/sign-in/code", "/sign-out", "//x.example", "/\\x", "week", "/a b",
    ])
    func `signing in leads nowhere from where it leads back`(path: String) { #expect(!SignInPage.isOurs(path)) }

    @Test(arguments: ["/", "/week", "/sign-inside", "/sessions?status=x", "/invitation?token=x"])
    func `signing in leads to our pages`(path: String) { #expect(SignInPage.isOurs(path)) }
}
