import Foundation

/// Names of the IANA time zone database. People, browsers and calendars know zones by different ones: `Asia/Kolkata` is
/// `Asia/Calcutta` to many, and both are right.
package enum ZoneName {
    /// Whether it is a name of today or an older one that stands for the same place, and not only an offset or an
    /// abbreviation that no database has, which Foundation takes too.
    package static func isKnown(_ name: String) -> Bool {
        (known.contains(name) || renamed[name] != nil) && TimeZone(identifier: name) != nil
    }

    /// What the zone is called today; the name itself where it is none of the older ones.
    package static func ofToday(_ name: String) -> String { renamed[name] ?? name }

    private static let known = Set(namesOfToday.split(separator: "\n").map(String.init))
        .union(TimeZone.knownTimeZoneIdentifiers)

    private static let renamed: [String: String] = Dictionary(
        renamedZones.split(separator: "\n").compactMap { line in
            let names = line.split(separator: " ").map(String.init)
            return names.count == 2 ? (names[0], names[1]) : nil
        }, uniquingKeysWith: { $1 })

    /// All that ``isKnown(_:)`` was told of.
    static var all: Set<String> { known.union(renamed.keys) }
}
