import Durable
import Foundation
package import Logging
package import Meetings
package import Postgres
package import Values

/// Looks, again and again for a day, for what became of a create that nobody heard the end of. One look is not
/// enough: a create can land long after we gave it up.
package struct Reconciliations: Sendable {
    package static let jobKind = "reconcile_call"

    let database: Database
    let providers: MeetingProviders
    let hosts: MeetingHosts
    let logger: Logger

    /// - Parameter database: as `convene_worker`.
    package init(database: Database, providers: MeetingProviders, hosts: MeetingHosts, logger: Logger) {
        self.database = database
        self.providers = providers
        self.hosts = hosts
        self.logger = logger
    }

    package struct Payload: Codable, Sendable {
        package let call: CallID
        /// What the call was to cancel, if that is what it was.
        package let stray: MeetingReference?
        /// After it nobody looks any more.
        package let isLast: Bool
    }

    /// 1, 5 and 30 minutes, 2 hours and a day from now.
    static func plan(for call: MeetingSaga.OpenCall, of held: HeldSaga) -> [SQL] {
        let looks = [1, 5, 30, 120, 1440]
        return looks.map { minutes in
            Queue.enqueue(
                Job(
                    organization: held.claim.organizationId, kind: jobKind, key: "\(call.id)/\(minutes)",
                    payload: Payload(
                        call: call.id, stray: call.operation.meeting, isLast: minutes == looks.last),
                    due: .after(.minutes(minutes))))
        }
    }

    /// Cancels at the provider whatever the call made, unless it is the meeting that its host shows.
    /// - Throws: ``Unsettled`` when the provider could not tell or did not cancel; the queue tries again.
    package func look(at payload: Payload) async throws {
        guard let call = try await database.row(Self.select(payload.call), as: Call.self) else { return }
        let (host, version) = try await hosts.find(call.sagaId, kind: call.kind, in: database)
        let provider = try await providers.provider(call.provider, of: call.organizationId, version: version)
        let request = MeetingRequest(for: host, tag: call.tag)
        let strays: [MeetingReference]
        do throws(Unsettled) {
            strays =
                if let stray = payload.stray { [stray] } else { try await self.strays(of: call, request, at: provider) }
            for stray in strays { try await cancel(stray, of: call, at: provider) }
        } catch {
            if payload.isLast { try await database.run(Self.openCase(for: payload.call, at: call.provider, error)) }
            throw error
        }
        guard !strays.isEmpty || payload.isLast else { return }
        // What succeeded stays so when the last look finds it where it belongs.
        try await database.run(
            """
            UPDATE provider_calls
            SET status = 'reconciled', external_id = coalesce(\(strays.last?.id), external_id)
            WHERE id = \(payload.call) AND (status <> 'succeeded' OR \(!strays.isEmpty))
            """)
    }

    package struct Unsettled: Explained {
        package let explanation: Explanation
        let stray: MeetingReference?
    }

    private func cancel(
        _ stray: MeetingReference, of call: Call, at provider: any MeetingProvider
    ) async throws(Unsettled) {
        switch await provider.cancel(stray) {
        case .done, .gone:
            logger.notice(
                "a stray meeting was cancelled",
                metadata: ["saga_id": "\(call.sagaId)", "external_id": "\(stray.id)"])
        case .later(_, let reason), .refused(_, let reason), .unknown(let reason):
            throw Unsettled(explanation: reason, stray: stray)
        }
    }

    /// The day is over: somebody is told, once, and while somebody is the queue may still succeed.
    private static func openCase(for call: CallID, at provider: ProviderName, _ unsettled: Unsettled) -> SQL {
        let reason = Explanation.meeting(.left, at: provider, ["reason": .reason(unsettled.explanation)])
        return """
            INSERT INTO manual_interventions (id, organization_id, saga_id, provider, reason, external_id)
            SELECT gen_random_uuid(), c.organization_id, c.saga_id, c.provider, \(JSON(reason))::jsonb,
                   \(unsettled.stray?.id)
            FROM provider_calls c
            WHERE c.id = \(call)
              AND NOT EXISTS (SELECT FROM manual_interventions i WHERE i.saga_id = c.saga_id AND i.closed_at IS NULL)
            """
    }

    private struct Call: Decodable, Sendable {
        let sagaId: UUID
        let kind: String
        let organizationId: OrganizationID
        let provider: ProviderName
        let tag: String
        let answer: String?
        /// The meeting that the host shows, or is about to show.
        let keptId: String?
        /// Whether the saga may still adopt what is found.
        let isOpen: Bool
    }

    private static func select(_ call: CallID) -> SQL {
        """
        SELECT c.saga_id, g.kind, c.organization_id, c.provider, c.tag, c.answer::text,
               g.document #>> '{meeting,reference,id}' AS kept_id,
               g.state IN ('meeting_pending', 'reconcile', 'recorded')
                   AND (g.document->>'generation')::int = c.generation AS is_open
        FROM provider_calls c JOIN sagas g ON g.id = c.saga_id
        WHERE c.id = \(call)
        """
    }

    private func strays(
        of call: Call, _ request: MeetingRequest, at provider: any MeetingProvider
    ) async throws(Unsettled) -> [MeetingReference] {
        if let answer = call.answer,
            let meeting = try? JSONDecoder.convene.decode(ProvisionedMeeting.self, from: Data(answer.utf8))
        {
            return meeting.reference.id == call.keptId || call.isOpen ? [] : [meeting.reference]
        }
        guard !call.isOpen, provider.reconciliation != .blind else { return [] }
        switch await provider.find(request) {
        case .found(let meetings): return meetings.map(\.reference).filter { $0.id != call.keptId }
        case .absent: return []
        case .unknown(let reason): throw Unsettled(explanation: reason, stray: nil)
        }
    }
}
