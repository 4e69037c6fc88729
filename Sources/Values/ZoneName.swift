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

    private static let known = Set(table.compactMap { $0.count == 1 ? $0[0] : nil })
        .union(TimeZone.knownTimeZoneIdentifiers)

    private static let renamed = Dictionary(
        table.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }, uniquingKeysWith: { $1 })

    /// Lines of one name of today, or of an older one and the one that took its place. Written by scripts/zone-names.
    private static let table: [[String]] = {
        guard let file = Bundle.module.url(forResource: "zone-names", withExtension: "txt"),
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { preconditionFailure("Sources/Values/zone-names.txt is not beside the program") }
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }()

    /// All that ``isKnown(_:)`` was told of.
    static var all: Set<String> { known.union(renamed.keys) }
}
