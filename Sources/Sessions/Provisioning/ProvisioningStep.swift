package import Foundation
package import Meetings
package import Values

// What can happen to a session's provisioning, and what follows from it.

extension Provisioning {
    package enum Event: Sendable, Equatable {
        /// A worker has taken the saga up. Whoever had it before is gone.
        case due
        case created(CreateOutcome)
        case found(FindOutcome)
        case cancelAnswered(ChangeOutcome)
        /// The meeting stands in the database and the session is scheduled.
        case backfilled
        /// The session was no longer waiting for its meeting.
        case backfillRefused
        /// The database will never take the meeting: its number stands there for that time already.
        case backfillImpossible
        case cancelAsked
        /// Too many workers have died of it or failed at it.
        case setAside
    }

    /// What is written in the same commit as the new value.
    package enum Write: Sendable, Equatable {
        case intend(OpenCall)
        case succeeded(CallID, ProvisionedMeeting?)
        case rejected(CallID, reason: String)
        case unknown(CallID, reason: String)
        /// The session failed: its holds and slots are free again, and everybody is told.
        case release(SessionFailure)
        /// Somebody must look: `meeting` may still be there, or with `nil` one that we cannot name.
        case openCase(code: String, reason: String, meeting: MeetingReference?)
        /// What became of the call is looked into later and for a day: a create can land long after it was given up.
        case lookAgainLater(OpenCall)
    }

    package enum Next: Sendable, Equatable {
        case call(Operation)
        case backfill(ProvisionedMeeting)
        case wait(until: Date)
        case settle
    }

    package struct Step: Sendable, Equatable {
        package var writes: [Write] = []
        package var next = Next.settle
    }
}

extension ProviderName {
    /// As people write it.
    package var label: String {
        switch self {
        case .feishu: "Feishu"
        case .zoom: "Zoom"
        case .teams: "Microsoft Teams"
        case .googleMeet: "Google Meet"
        case .room: "Convene's own room"
        }
    }
}
