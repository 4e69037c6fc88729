import Glibc
import Values

/// What came of waiting for a socket.
enum PollOutcome {
    case ready, woken, timedOut
}

/// Waits until `socket` is ready for `events`, `wakeup` is signaled, or `deadline` has passed; `nil` waits for ever.
func poll(
    _ socket: Int32, for events: Int32, or wakeup: PollWakeup?, until deadline: ContinuousClock.Instant?
) -> PollOutcome {
    var descriptors = [
        pollfd(fd: socket, events: Int16(events), revents: 0),
        pollfd(fd: wakeup?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    while true {
        var milliseconds: Int32 = -1
        if let deadline {
            let left = deadline - .now
            if left <= .zero { return .timedOut }
            milliseconds = Int32(saturating: min(left / .milliseconds(1), 3_600_000)) + 1
        }
        let count = Glibc.poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        if count < 0 {
            if errno == EINTR { continue }
            return .ready  // Then the call on the socket finds out what is wrong with it.
        }
        if descriptors[1].revents != 0 { return .woken }
        if descriptors[0].revents != 0 { return .ready }
    }
}
