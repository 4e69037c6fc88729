import Foundation
import Testing

@testable import Values

@Suite struct ZoneNameTests {
    @Test(arguments: [
        "Europe/Berlin", "Asia/Kolkata", "Asia/Calcutta", "Europe/Kyiv", "Europe/Kiev", "Asia/Ho_Chi_Minh",
        "Asia/Saigon", "Asia/Yangon", "Asia/Rangoon", "America/Nuuk", "America/Godthab", "Singapore", "GMT", "UTC",
        "EST", "EST5EDT", "CET", "US/Pacific", "Etc/UTC", "Etc/GMT+5", "Zulu", "America/Argentina/Buenos_Aires",
        "America/Buenos_Aires", "Hongkong", "GB", "NZ", "PRC",
    ]) func `names of today and older ones are known`(name: String) {
        #expect(ZoneName.isKnown(name))
    }

    @Test(arguments: [
        "", "Berlin", "europe/berlin", "Europe/Berlin ", "GMT+1", "UTC+01:00", "+01:00", "CEST", "IST", "Mars/Olympus",
        "../../etc/passwd", "Factory", "posix/Europe/Berlin", "Europe/Berlin\0", "localtime",
    ]) func `nothing else is`(name: String) {
        #expect(!ZoneName.isKnown(name))
    }

    @Test func `every name that is listed can be reckoned in`() {
        let unknown = ZoneName.all.filter { TimeZone(identifier: $0) == nil }

        #expect(unknown == [])
    }

    @Test func `an older name leads to one of today that has the same times`() throws {
        #expect(ZoneName.ofToday("Asia/Calcutta") == "Asia/Kolkata")
        #expect(ZoneName.ofToday("Europe/Kiev") == "Europe/Kyiv")
        #expect(ZoneName.ofToday("Asia/Kolkata") == "Asia/Kolkata")
        #expect(ZoneName.ofToday("no zone") == "no zone")
        for name in ZoneName.all {
            let (old, new) = (try #require(TimeZone(identifier: name)), TimeZone(identifier: ZoneName.ofToday(name)))
            for month in 0..<24 {
                let moment = Date(timeIntervalSince1970: 1_767_225_600 + Double(month) * 2_629_800)
                #expect(old.secondsFromGMT(for: moment) == new?.secondsFromGMT(for: moment), "\(name)")
            }
        }
    }
}
