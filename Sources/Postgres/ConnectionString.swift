/// Where a database is, for PostgreSQL's own programs.
package struct ConnectionString: Sendable {
    /// libpq's keywords without the password: command lines can be read by everybody on the machine.
    package let text: String
    package let password: String?

    /// - Parameter url: as libpq reads it, a URL or keywords.
    /// - Throws: ``PostgresError/unavailable(reason:)`` when libpq cannot read it.
    package init(_ url: String) throws(PostgresError) {
        var keywords = try ConnectionSettings.keywords(in: url)
        password = keywords.removeValue(forKey: "password")
        text = keywords.sorted { $0.key < $1.key }
            .map { "\($0.key)='\($0.value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'" }
            .joined(separator: " ")
    }
}
