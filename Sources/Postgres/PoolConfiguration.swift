package struct PoolConfiguration: Sendable {
    /// A libpq connection URI or keyword string.
    package var url: String
    /// Who logs in, in place of whoever ``url`` names. A connection that stands under another role is never lent.
    package var role: String?
    /// ``role``'s password. The one in ``url`` is used for whoever ``url`` names, and for nobody else.
    package var password: String?
    package var size = 8
    /// How long a caller may wait for a connection before ``PostgresError/unavailable(reason:)``.
    package var wait: Duration = .seconds(1)
    package var connectTimeout: Duration = .seconds(3)
    /// Zero is no limit; so it is for the three below.
    package var statementTimeout: Duration = .seconds(5)
    /// For all statements of one round trip together. Past it the server is asked to cancel, and a second later it is
    /// given up: a server that stands still answers nobody, however many statements it was sent.
    package var roundTripTimeout: Duration = .seconds(5)
    package var lockTimeout: Duration = .seconds(2)
    package var idleInTransactionTimeout: Duration = .seconds(10)
    package var applicationName = "convene"

    package init(url: String) { self.url = url }
}
