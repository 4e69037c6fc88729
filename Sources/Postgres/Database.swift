package import Foundation
package import Logging
package import ServiceLifecycle
package import Values

/// A pool of connections to one PostgreSQL database under one role, and what every statement on it begins with.
///
/// Each call below is one round trip, except ``transaction(_:)``. A value is cheap to copy; copies share the pool.
package struct Database: Sendable {
    let pool: Pool
    /// Sent before the statements of every call, in the same round trip and the same transaction.
    let opening: SQL?

    /// The same pool, with `statement` at the start of every transaction: this is how a request's actor, and with it
    /// the organisation whose rows it may see, is made known to row-level security.
    package func opening(with statement: SQL) -> Database {
        Database(pool: pool, opening: statement)
    }

    /// One statement in a transaction of its own.
    package func rows<Row: Decodable & Sendable>(
        _ statement: SQL, as type: Row.Type = Row.self
    ) async throws(PostgresError) -> [Row] {
        fatalError()
    }

    /// The first row, if there is one.
    package func row<Row: Decodable & Sendable>(
        _ statement: SQL, as type: Row.Type = Row.self
    ) async throws(PostgresError) -> Row? {
        fatalError()
    }

    /// - Returns: how many rows the statement touched.
    @discardableResult
    package func run(_ statement: SQL) async throws(PostgresError) -> Int { fatalError() }

    /// All of `statements` in one transaction and one round trip (libpq's pipeline mode): either every one of them
    /// took effect or none did. A deadlock or serialization failure is tried again, three times at most.
    /// - Returns: the results, one for each statement, without the opening's.
    @discardableResult
    package func atomically(_ statements: [SQL]) async throws(PostgresError) -> [SQLResult] { fatalError() }

    /// A transaction with decisions between its statements. `body` may run again after a deadlock or a serialization
    /// failure, three times at most, so it must do nothing but SQL.
    /// - Note: BEGIN and the opening travel with the first statement.
    package func transaction<Value: Sendable>(
        _ body: @Sendable (Transaction) async throws -> Value
    ) async throws -> Value { fatalError() }
}

/// A transaction that is open. Valid inside the closure that it was given to.
package struct Transaction: Sendable {
    package func rows<Row: Decodable & Sendable>(
        _ statement: SQL, as type: Row.Type = Row.self
    ) async throws(PostgresError) -> [Row] { fatalError() }

    package func row<Row: Decodable & Sendable>(
        _ statement: SQL, as type: Row.Type = Row.self
    ) async throws(PostgresError) -> Row? { fatalError() }

    @discardableResult
    package func run(_ statement: SQL) async throws(PostgresError) -> Int { fatalError() }

    /// Several statements in one round trip.
    @discardableResult
    package func run(_ statements: [SQL]) async throws(PostgresError) -> [SQLResult] { fatalError() }
}

/// What one statement gave.
package struct SQLResult: Sendable {
    /// Rows touched by INSERT, UPDATE or DELETE, or returned by SELECT.
    package let count: Int

    /// Column names in snake_case become property names in camelCase.
    package func rows<Row: Decodable>(as type: Row.Type = Row.self) throws(PostgresError) -> [Row] { fatalError() }
}

/// The connections behind a ``Database``. Run it as a service: it closes them when the group shuts down.
package final class Pool: Service {
    package init(_ configuration: PoolConfiguration, clock: any WallClock, logger: Logger) { fatalError() }
    package var database: Database { fatalError() }
    package func run() async throws { fatalError() }
    /// How many connections are open, busy and wanted, for the metrics.
    package var load: PoolLoad { fatalError() }
}

package struct PoolLoad: Sendable, Equatable {
    package let open: Int, busy: Int, waiting: Int
}

package struct PoolConfiguration: Sendable {
    /// A libpq connection URI or keyword string.
    package var url: String
    /// The role that every connection takes on at its start, as a start-up option: RESET ROLE comes back to it.
    package var role: String?
    package var size = 8
    /// How long a caller may wait for a connection before ``PostgresError/unavailable(reason:)``.
    package var wait: Duration = .seconds(1)
    package var connectTimeout: Duration = .seconds(3)
    package var statementTimeout: Duration = .seconds(5)
    package var lockTimeout: Duration = .seconds(2)
    package var idleInTransactionTimeout: Duration = .seconds(10)
    package var applicationName = "convene"

    package init(url: String) { self.url = url }
}

/// Hears NOTIFY on one channel, on a connection of its own that is made anew when it breaks.
package struct Listener: Sendable {
    package init(url: String, role: String?, channel: String, logger: Logger) { fatalError() }
    /// Each notification's payload, and `nil` each time the connection was made (anew): what was said meanwhile is
    /// lost, so look for yourself. Ends when the task is cancelled.
    package func notifications() -> AsyncStream<String?> { fatalError() }
}
