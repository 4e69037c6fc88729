import Foundation
import Sessions
import Values

extension SessionView {
    var end: Date { self.scheduledAt.advanced(by: .minutes(self.duration)) }

    /// Whether its time has passed, as nobody says to a session that nothing comes of. People may still be in the meeting.
    func isOver(at now: Date) -> Bool {
        switch self.status {
        case .pendingMeeting, .scheduled: end <= now && self.live != true
        case .meetingFailed, .completed, .cancelled: false
        }
    }

    func statusLabel(at now: Date) -> String { isOver(at: now) ? "Over" : self.status.label }
}
