/// One connection, made and closed again, to see whether a pool's would stand as they must, and would be sessions of our
/// own: a ``Pool`` sees to the first alone.
package struct ConnectionTrial: Sendable {
    /// A pooler stands between us and PostgreSQL.
    package let isPooled: Bool

    /// - Throws: ``PostgresError/unavailable(reason:)``, and the reason is a sentence for the operator.
    package init(_ configuration: PoolConfiguration) async throws(PostgresError) {
        let settings = try ConnectionSettings(configuration)
        isPooled = try await Connection(number: 0).open(settings, probing: true)
    }
}
