import CLibpq
import Foundation
import Values

/// What a connection is opened with, as libpq's keywords.
struct ConnectionSettings: Sendable {
    let keywords: [String: String]
    let connectTimeout: Duration
    let statementTimeout: Duration

    /// - Parameter role: taken on by a start-up option, so that RESET ROLE comes back to it.
    /// - Throws: ``PostgresError/unavailable(reason:)`` when libpq cannot read the URL.
    init(_ configuration: PoolConfiguration) throws(PostgresError) {
        var keywords = try Self.keywords(in: configuration.url)
        var options = [
            "TimeZone=UTC", "DateStyle=ISO", "IntervalStyle=postgres", "bytea_output=hex",
            "standard_conforming_strings=on",
            // Our statements find their rows by index whatever the values are; planning them anew for each set of
            // values cost as much again as running them (measured on a booking).
            "plan_cache_mode=force_generic_plan",
            "statement_timeout=\(configuration.statementTimeout.milliseconds)",
            "lock_timeout=\(configuration.lockTimeout.milliseconds)",
            "idle_in_transaction_session_timeout=\(configuration.idleInTransactionTimeout.milliseconds)",
        ]
        if let role = configuration.role { options.append("role=\(role)") }
        let ours = options.map { "-c " + $0.replacing("\\", with: "\\\\").replacing(" ", with: "\\ ") }
        keywords["options"] = ([keywords["options"]].compactMap(\.self) + ours).joined(separator: " ")
        keywords["application_name"] = configuration.applicationName
        keywords["client_encoding"] = "UTF8"
        // A peer that is gone without a word is noticed within about half a minute even while we only wait.
        keywords.merge(["keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3"]) { own, _ in own }
        self.keywords = keywords
        connectTimeout = configuration.connectTimeout
        statementTimeout = configuration.statementTimeout
    }

    private static func keywords(in url: String) throws(PostgresError) -> [String: String] {
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

extension Duration {
    fileprivate var milliseconds: Int64 { Int64(saturating: self / .milliseconds(1)) }
}

extension PoolConfiguration {
    /// Whether libpq understands ``url``. Nobody is asked.
    package var isReadable: Bool { (try? ConnectionSettings(self)) != nil }
}
