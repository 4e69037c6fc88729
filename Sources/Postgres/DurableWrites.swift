/// PostgreSQL is set up to lose what it has confirmed.
package struct UnsafeSettings: Error, Equatable, CustomStringConvertible {
    package let names: [String]

    package init(names: [String]) { self.names = names }

    package var description: String {
        """
        PostgreSQL runs with \(names.joined(separator: ", ")) off, so that a crash can lose bookings that were \
        confirmed. Turn it on; Convene does not start without.
        """
    }
}

extension Database {
    /// For the start of a server, whosever PostgreSQL it is.
    /// - Throws: ``UnsafeSettings`` when `fsync`, `full_page_writes` or `synchronous_commit` is off.
    package func requireDurableWrites() async throws {
        let names = try await rows(
            """
            SELECT name FROM pg_settings
            WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name
            """, as: String.self)
        guard names.isEmpty else { throw UnsafeSettings(names: names) }
    }
}
