package import Access
package import Durable
package import Foundation
import Meetings
package import Postgres
package import Values

/// What a person has to look at: a meeting that may be left at a provider, and that we could not take away.
package struct Interventions: Sendable {
    package static let gauges = [
        DatabaseGauge(
            "convene_manual_interventions_open", "Cases that wait for a person.",
            query: "SELECT count(*)::float8 FROM manual_interventions WHERE closed_at IS NULL")
    ]

    let database: Database
    let clock: any WallClock

    package init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    package struct Intervention: Decodable, Sendable {
        package let id: InterventionID
        /// Of the host that the meeting is for: a saga has its host's id.
        package let sagaId: UUID
        package let provider: ProviderName
        package let reason: Explanation
        package let externalId: String?
        package let openedAt: Date
        package let closedAt: Date?
    }

    static func open(
        _ reason: Explanation, meeting: MeetingReference?, provider: ProviderName, saga: UUID,
        of organization: OrganizationID
    ) -> SQL {
        """
        INSERT INTO manual_interventions (id, organization_id, saga_id, provider, reason, external_id)
        VALUES (gen_random_uuid(), \(organization), \(saga), \(provider), \(JSON(reason)), \(meeting?.id))
        """
    }

    /// For a saga of which not even the host can be read.
    static func openForUnworkable(_ saga: UUID) -> SQL {
        """
        INSERT INTO manual_interventions (id, organization_id, saga_id, provider, reason)
        SELECT gen_random_uuid(), organization_id, id, coalesce(document->>'provider', 'room'),
               \(JSON(Explanation(MeetingReason.unworkable)))::jsonb
        FROM sagas g
        WHERE id = \(saga)
          AND NOT EXISTS (SELECT FROM manual_interventions i WHERE i.saga_id = g.id AND i.closed_at IS NULL)
        """
    }

    /// Open cases, newest first; with `closed`, the closed ones.
    package func list(closed: Bool, after cursor: Cursor?, limit: Int, as actor: Actor) async throws -> Page<
        Intervention
    > {
        let found = try await database.acting(as: actor).rows(
            """
            SELECT id, saga_id, provider, reason, external_id, opened_at, closed_at
            FROM manual_interventions
            WHERE organization_id = app_org_id() AND (closed_at IS NOT NULL) = \(closed)
              AND (\(cursor?.moment)::timestamptz IS NULL OR (opened_at, id) < (\(cursor?.moment), \(cursor?.id)::uuid))
            ORDER BY opened_at DESC, id DESC LIMIT \(limit + 1)
            """, as: Intervention.self)
        return Page(found, limit: limit) { Cursor(moment: $0.openedAt, id: $0.id.uuid) }
    }

    /// Closes a case that somebody has seen to. Idempotent.
    /// - Throws: ``NoSuchIntervention`` when the actor's organization has no such case.
    package func resolve(_ id: InterventionID, as actor: Actor) async throws {
        let changed = try await database.acting(as: actor).run(
            """
            UPDATE manual_interventions SET closed_at = coalesce(closed_at, \(clock.now)),
                closed_by = coalesce(closed_by, app_user_id())
            WHERE id = \(id) AND organization_id = app_org_id()
            """)
        guard changed == 1 else { throw NoSuchIntervention() }
    }
}

package struct NoSuchIntervention: Error {}
