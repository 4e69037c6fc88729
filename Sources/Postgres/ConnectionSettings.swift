import CLibpq
import Foundation
import Values

/// What a connection is opened with, as libpq's keywords, and how it must stand after.
///
/// Nothing that matters goes along as a start-up parameter: poolers refuse them or drop them without a word.
struct ConnectionSettings: Sendable {
    let keywords: [String: String]
    let connectTimeout: Duration
    var roundTripTimeout: Duration
    let standing: SessionState

    /// - Throws: ``PostgresError/unavailable(reason:)`` when libpq cannot read the URL.
    init(_ configuration: PoolConfiguration) throws(PostgresError) {
        var keywords = try Self.keywords(in: configuration.url)
        if let role = configuration.role {
            if keywords["user"] != role { keywords["password"] = nil }
            keywords["user"] = role
            keywords["password"] = configuration.password ?? keywords["password"]
        }
        keywords["application_name"] = configuration.applicationName
        keywords["client_encoding"] = "UTF8"
        // A peer that is gone without a word is noticed within about half a minute even while we only wait.
        keywords.merge(["keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3"]) { own, _ in own }
        self.keywords = keywords
        connectTimeout = configuration.connectTimeout
        roundTripTimeout = configuration.roundTripTimeout
        standing = SessionState(configuration)
    }

    static func keywords(in url: String) throws(PostgresError) -> [String: String] {
        var complaint: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &complaint) else {
            // libpq's complaint may quote the URL, and with it the password.
            if let complaint { PQfreemem(complaint) }
            throw .unavailable(reason: "the database URL cannot be read")
        }
        defer { PQconninfoFree(options) }
        var found: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { found[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return found
    }
}

extension PoolConfiguration {
    /// Whether libpq understands ``url``. Nobody is asked.
    package var isReadable: Bool { (try? ConnectionSettings(self)) != nil }
}
