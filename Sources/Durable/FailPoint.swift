#if DEBUG
    import Glibc
#endif

/// Where a server can be made to die, so that a test can see what the next one makes of what is left. The
/// environment variable `CONVENE_FAIL` names the point; release builds do not look.
package enum FailPoint: String, CaseIterable, Sendable {
    case bookingCommitted = "booking_committed"
    case claimed, intended, answered, recorded, backfilled, releasing, released
    case cancelAnswered = "cancel_answered"

    package func reach() {
        #if DEBUG
            if let name = getenv("CONVENE_FAIL"), String(cString: name) == rawValue {
                kill(getpid(), SIGKILL)
            }
        #endif
    }
}
