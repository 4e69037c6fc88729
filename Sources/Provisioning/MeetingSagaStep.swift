package import Foundation
package import Meetings
package import Values

// What can happen to a meeting that is being made, and what follows from it.

extension MeetingSaga {
    package enum Event: Sendable, Equatable {
        /// A worker has taken the saga up. Whoever had it before is gone.
        case due
        case created(CreateOutcome)
        case found(FindOutcome)
        case cancelAnswered(ChangeOutcome)
        /// The meeting stands in the database, and its host shows it.
        case backfilled
        /// The host was no longer waiting for its meeting.
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
        case rejected(CallID, reason: Explanation)
        case unknown(CallID, reason: Explanation)
        /// There will be no meeting: the host gives back what it took, and people are told.
        case release(MeetingFailure)
        /// Somebody must look: `meeting` may still be there, or with `nil` one that we cannot name.
        case openCase(Explanation, meeting: MeetingReference?)
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
