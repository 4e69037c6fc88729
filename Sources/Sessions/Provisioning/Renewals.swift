import Durable
import Foundation
package import Meetings
package import Postgres
package import Values

/// Keeps meetings that their provider would forget before they take place (Feishu frees a number after 30 days at
/// most): renewed three days before that, again and again until the session.
package struct Renewals: Sendable {
    package static let jobKind = "renew_meeting"

    private static let margin = Duration.hours(3 * 24)

    let database: Database
    let providers: MeetingProviders
    let clock: any WallClock

    /// - Parameter database: as `convene_worker`.
    package init(database: Database, providers: MeetingProviders, clock: any WallClock) {
        self.database = database
        self.providers = providers
        self.clock = clock
    }

    package struct Payload: Codable, Sendable {
        package let session: SessionID
    }

    /// Nothing when the meeting lasts until the session's end.
    static func plan(for session: ProvisionedSession, expiringAt expiry: Date?) -> [SQL] {
        guard let expiry, expiry < session.time.end else { return [] }
        return [
            Queue.enqueue(
                Job(
                    organization: session.organizationId, kind: jobKind,
                    key: "\(session.id)/\(Int64(exactly: expiry.timeIntervalSince1970.rounded()) ?? 0)",
                    payload: Payload(session: session.id),
                    due: .at(expiry.advanced(by: .zero - margin))))
        ]
    }

    private struct Held: Decodable, Sendable {
        let id: MeetingID
        let meetingId: String
        let providerHost: String?
    }

    /// - Returns: what to write when it is done.
    /// - Throws: ``Unsettled`` when the provider did not renew it; the queue tries again.
    package func renew(_ payload: Payload) async throws -> [SQL] {
        guard
            let session = try await database.row(
                ProvisionedSession.select(payload.session), as: ProvisionedSession.self),
            session.status == .scheduled,
            let held = try await database.row(
                """
                SELECT m.id, m.meeting_id, m.provider_host FROM all_sessions s JOIN meetings m ON m.id = s.meeting_id
                WHERE s.id = \(session.id)
                """, as: Held.self)
        else { return [] }
        let provider = try await providers.provider(
            session.meetingProvider, of: session.organizationId, version: session.accountVersion)
        let request = MeetingRequest(
            tag: "", topic: session.title, time: session.time, timeZone: session.hostTimeZone,
            hostEmail: session.hostEmail)
        switch await provider.update(MeetingReference(id: held.meetingId, host: held.providerHost), to: request) {
        case .done:
            let expiry = provider.expiry(of: request)
            return [
                "UPDATE meetings SET provider_expires_at = \(expiry), updated_at = now() WHERE id = \(held.id)"
            ] + Self.plan(for: session, expiringAt: expiry)
        case .gone:
            return [
                Interventions.open(
                    code: "meeting_gone",
                    reason: "\(session.meetingProvider.label) has forgotten the meeting of a session.",
                    meeting: MeetingReference(id: held.meetingId), provider: session.meetingProvider, session: session)
            ]
        case .later(_, let reason), .refused(_, let reason), .unknown(let reason):
            throw Unsettled(reason: reason)
        }
    }

    package struct Unsettled: Error { let reason: String }
}
