import Durable
import Foundation
import Meetings
import Postgres
import Values

/// The record of every call to a provider: the intent before it is sent, what came of it after.
enum ProviderCalls {
    static func intend(
        _ call: Provisioning.OpenCall, tag: String, saga: Provisioning, session: ProvisionedSession
    ) -> SQL {
        """
        INSERT INTO provider_calls (id, organization_id, saga_id, generation, operation, provider, tag, external_id)
        VALUES (\(call.id), \(session.organizationId), \(session.id), \(saga.generation), \(call.operation.name),
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

    static func ended(_ call: CallID, as status: String, reason: String) -> SQL {
        """
        UPDATE provider_calls SET status = \(status), reason = \(reason), answered_at = clock_timestamp()
        WHERE id = \(call)
        """
    }

    /// The meeting that `call` is known to have made, though whoever made it did not get to say so in its saga.
    static func lateAnswer(to call: CallID) -> SQL {
        "SELECT answer::text FROM provider_calls WHERE id = \(call) AND status = 'succeeded' AND answer IS NOT NULL"
    }
}

extension Provisioning.Operation {
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
