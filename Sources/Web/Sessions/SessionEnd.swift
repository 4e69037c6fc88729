import Foundation
import Sessions
import Values

extension SessionView {
    var end: Date { scheduledAt.advanced(by: .minutes(duration)) }

    /// Whether its time has passed, as nobody says to a session that nothing comes of. People may still be in the meeting.
    func isOver(at now: Date) -> Bool {
        switch status {
        case .pendingMeeting, .scheduled: end <= now && live != true
        case .meetingFailed, .completed, .cancelled: false
        }
    }

    func statusLabel(at now: Date) -> String { isOver(at: now) ? "Over" : status.label }
}
