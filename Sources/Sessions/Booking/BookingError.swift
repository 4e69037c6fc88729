package import Calendars
package import Values

/// Why a booking, or a second try at one, was refused. Each case is something the person can do something about.
package enum BookingError: Error, Equatable {
    /// Somebody is booked then.
    case timeTaken(conflicts: [Availability.Conflict], alternatives: [Availability.Slot])
    /// A student's contract has fewer units left than the session takes.
    case notEnoughUnits
    /// These people are not in the organization, or not in the role that the session needs them in.
    case strangers([UserID])
    /// The organization has no account at this provider.
    case providerUnavailable(ProviderName)
    /// The session is not in a state in which this can be done.
    case wrongState(SessionStatus)
    /// The session's time is over.
    case timePassed
    /// The session's time has ended: it took place, or nobody came.
    case isOver
    /// There is no such session that the actor may know of.
    case noSuchSession
}
