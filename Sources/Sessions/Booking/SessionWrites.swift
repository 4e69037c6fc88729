import Postgres

/// What one transaction does about a session, sorted by what it locks. This is the one place where the order of locks is
/// declared; docs/decisions/0005 says why. Whoever changes a session writes its parts here in any order, and runs
/// ``inOrder``: two transactions then wait for each other in one direction only, and never deadlock.
struct SessionWrites {
    /// Memberships that are relied on, by user: shared, so that bookings do not wait for each other.
    var members: [SQL] = []
    /// The saga that exists.
    var saga: [SQL] = []
    /// The session that exists, and its meeting.
    var session: [SQL] = []
    /// Units of contracts: entitlements by student, then by id, and behind each its holds.
    var units: [SQL] = []
    /// Calendars, by user. A time that somebody else is just taking is waited for here.
    var slots: [SQL] = []
    /// Rows that are new. Nobody can wait for them, and a refusal above costs none of them.
    var new: [SQL] = []

    var inOrder: [SQL] { members + saga + session + units + slots + new }
}
