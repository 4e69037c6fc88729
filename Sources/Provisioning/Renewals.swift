import Durable
package import Foundation
package import Meetings
package import Postgres
package import Values

/// Keeps meetings that their provider would forget before they take place (Feishu frees a number after 30 days at
/// most): renewed three days before that, again and again until it takes place.
package struct Renewals: Sendable {
    package static let jobKind = "renew_meeting"

    private static let margin = Duration.hours(3 * 24)

    let database: Database
    let providers: MeetingProviders
    let hosts: MeetingHosts

    /// - Parameter database: as `convene_worker`.
    package init(database: Database, providers: MeetingProviders, hosts: MeetingHosts) {
        self.database = database
        self.providers = providers
        self.hosts = hosts
    }

    package struct Payload: Codable, Sendable {
        package let meeting: MeetingID
        package let saga: UUID
    }

    /// Nothing when the meeting lasts until its time is over.
    static func plan(
        for meeting: MeetingID, of saga: UUID, in organization: OrganizationID, _ host: any MeetingHost,
        expiringAt expiry: Date?
    ) -> [SQL] {
        guard let expiry, expiry < host.time.end else { return [] }
        return [
            Queue.enqueue(
                Job(
                    organization: organization, kind: jobKind,
                    key: "\(meeting)/\(Int(saturating: expiry.timeIntervalSince1970))",
                    payload: Payload(meeting: meeting, saga: saga), due: .at(expiry.advanced(by: .zero - margin))))
        ]
    }

    private struct Scheduled: Decodable, Sendable {
        let kind: String
        let organizationId: OrganizationID
        let meetingProvider: ProviderName
        let meetingId: String
        let providerHost: String?
    }

    /// - Returns: what to write when it is done; nothing for a meeting that is not to take place any more.
    /// - Throws: ``Unsettled`` when the provider did not renew it; the queue tries again.
    package func renew(_ payload: Payload) async throws -> [SQL] {
        guard let meeting = try await database.row(Self.select(payload), as: Scheduled.self) else { return [] }
        let (host, version) = try await hosts.find(payload.saga, kind: meeting.kind, in: database)
        let provider = try await providers.provider(
            meeting.meetingProvider, of: meeting.organizationId, version: version)
        let reference = MeetingReference(id: meeting.meetingId, host: meeting.providerHost)
        let request = MeetingRequest(for: host, tag: "")
        switch await provider.update(reference, to: request) {
        case .done:
            let expiry = provider.expiry(of: request)
            return [
                """
                UPDATE meetings SET provider_expires_at = \(expiry), updated_at = now() WHERE id = \(payload.meeting)
                """
            ]
                + Self.plan(
                    for: payload.meeting, of: payload.saga, in: meeting.organizationId, host, expiringAt: expiry)
        case .gone:
            return [
                Interventions.open(
                    .meeting(.gone, at: meeting.meetingProvider), meeting: reference, provider: meeting.meetingProvider,
                    saga: payload.saga, of: meeting.organizationId)
            ]
        case .later(_, let reason), .refused(_, let reason), .unknown(let reason):
            throw Unsettled(explanation: reason)
        }
    }

    private static func select(_ payload: Payload) -> SQL {
        """
        SELECT g.kind, m.organization_id, m.meeting_provider, m.meeting_id, m.provider_host
        FROM meetings m JOIN sagas g ON g.id = \(payload.saga) AND g.state = 'scheduled'
        WHERE m.id = \(payload.meeting) AND m.status IN ('scheduled', 'active')
        """
    }

    package struct Unsettled: Explained { package let explanation: Explanation }
}
