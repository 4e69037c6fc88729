import Calendars
import Durable
import Identity
import Meetings
import Sessions

/// Sessions, and the calendars that they stand in.
struct SessionsContext: BoundedContext {
    /// What its meetings are made for.
    static let host = SessionMeetingHost.self
    static let memberships = SessionMemberships()

    let availability: Availability
    let sessions: SessionService

    /// - Parameter provisioning: told that a session wants a meeting, or to be rid of one.
    init(_ dependencies: Dependencies, providers: MeetingProviders, provisioning: Wakeup) {
        let (database, clock) = (dependencies.requests, dependencies.clock)
        availability = Availability(database: database, clock: clock)
        sessions = SessionService(
            database: database, availability: availability, providers: providers, clock: clock,
            provisioning: provisioning)
    }
}
