import Durable
import Foundation
import Meetings
import Metrics
import Postgres
import Values

/// The record of every call to a provider: the intent before it is sent, what came of it after.
enum ProviderCalls {
    static func intend(
        _ call: MeetingSaga.OpenCall, tag: String, saga: MeetingSaga, held: HeldSaga
    ) -> SQL {
        """
        INSERT INTO provider_calls (id, organization_id, saga_id, generation, operation, provider, tag, external_id)
        VALUES (\(call.id), \(held.claim.organizationId), \(held.claim.id), \(saga.generation), \(call.operation.name),
                \(saga.provider), \(tag), \(call.operation.meeting?.id))
        """
    }

    /// The whole answer is kept: what is shown of it later is a copy.
    static func succeeded(_ call: CallID, meeting: ProvisionedMeeting?) -> SQL {
        """
        UPDATE provider_calls SET status = 'succeeded', answered_at = clock_timestamp(),
            external_id = coalesce(\(meeting?.reference.id), external_id), answer = \(meeting.map(JSON.init))
        WHERE id = \(call)
        """
    }

    static func ended(_ call: CallID, as status: String, reason: Explanation) -> SQL {
        """
        UPDATE provider_calls SET status = \(status), reason = \(JSON(reason)), answered_at = clock_timestamp()
        WHERE id = \(call)
        """
    }

    /// The meeting that `call` is known to have made, though whoever made it did not get to say so in its saga.
    static func lateAnswer(to call: CallID) -> SQL {
        "SELECT answer::text FROM provider_calls WHERE id = \(call) AND status = 'succeeded' AND answer IS NOT NULL"
    }
}

extension MeetingSaga.Operation {
    var name: String {
        switch self {
        case .create: "create"
        case .find: "find"
        case .cancel: "cancel"
        }
    }

    /// What it is done to.
    var meeting: MeetingReference? {
        switch self {
        case .create, .find: nil
        case .cancel(let meeting): meeting
        }
    }
}

extension HostedMeeting {
    /// How long a call may take before its missing answer counts against the account.
    private static let timeout = 8.0

    func call(
        _ operation: MeetingSaga.Operation, of saga: MeetingSaga, on clock: any WallClock
    ) async -> MeetingSaga.Event {
        FailPoint.intended.reach()
        let request = MeetingRequest(for: host, tag: tag(of: saga))
        let started = clock.now
        let event: MeetingSaga.Event
        switch operation {
        case .create:
            event = .created(await provider.create(request))
            FailPoint.answered.reach()
        case .find: event = .found(await provider.find(request))
        case .cancel(let meeting):
            event = .cancelAnswered(await provider.cancel(meeting))
            FailPoint.cancelAnswered.reach()
        }
        let taken = clock.now.timeIntervalSince(started)
        Metrics.Timer(
            label: "convene_provider_call_duration_seconds",
            dimensions: [("provider", saga.provider.rawValue), ("operation", operation.name)]
        ).record(taken)
        // A call that was broken off because we stop says nothing of the provider.
        if !Task.isCancelled { held.note(isAnswered: event.isAnswer || taken < Self.timeout) }
        return event
    }
}

extension MeetingSaga.Event {
    /// Whether the provider said anything.
    fileprivate var isAnswer: Bool {
        switch self {
        case .created(.unknown), .created(.later(nil, _)), .found(.unknown), .cancelAnswered(.unknown),
            .cancelAnswered(.later(nil, _)):
            false
        default: true
        }
    }
}
