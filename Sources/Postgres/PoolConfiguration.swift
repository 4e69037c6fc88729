package struct PoolConfiguration: Sendable {
    /// A libpq connection URI or keyword string.
    package var url: String
    /// The role that every connection takes on at its start, as a start-up option: RESET ROLE comes back to it.
    package var role: String?
    package var size = 8
    /// How long a caller may wait for a connection before ``PostgresError/unavailable(reason:)``.
    package var wait: Duration = .seconds(1)
    package var connectTimeout: Duration = .seconds(3)
    /// Zero is no limit; so it is for the two below.
    package var statementTimeout: Duration = .seconds(5)
    package var lockTimeout: Duration = .seconds(2)
    package var idleInTransactionTimeout: Duration = .seconds(10)
    package var applicationName = "convene"

    package init(url: String) { self.url = url }
}
