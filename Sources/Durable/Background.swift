package import Logging
package import Postgres
package import Values

/// What work is done with that nobody waits for: its database, its clock and its log.
package struct Background: Sendable {
    /// As `convene_worker`.
    package let database: Database
    package let clock: any WallClock
    package let logger: Logger

    package init(database: Database, clock: any WallClock, logger: Logger) {
        self.database = database
        self.clock = clock
        self.logger = logger
    }
}
