package import Access
package import Calendars
package import Durable
import Foundation
package import Meetings
package import Postgres
package import Values

/// All that can be done with sessions.
package struct SessionService: Sendable {
    private let bookSession: BookSession
    private let retrySession: RetrySession
    private let cancelSession: CancelSession
    private let sessionList: SessionList
    let database: Database
    private let providers: MeetingProviders

    /// - Parameter database: as `convene_app`.
    package init(
        database: Database, availability: Availability, providers: MeetingProviders, clock: any WallClock,
        provisioning: Wakeup
    ) {
        bookSession = BookSession(
            database: database, availability: availability, providers: providers, clock: clock,
            provisioning: provisioning)
        retrySession = RetrySession(
            database: database, availability: availability, providers: providers, clock: clock,
            provisioning: provisioning)
        cancelSession = CancelSession(database: database, clock: clock, provisioning: provisioning)
        sessionList = SessionList(database: database)
        self.database = database
        self.providers = providers
    }

    /// The providers that a session can be held at: those that the installation or the organization has an account
    /// with, in the order in which they are offered.
    package func providers(as actor: Actor) async throws -> [ProviderName] {
        let own: [ProviderName] = try await database.acting(as: actor).rows(
            "SELECT provider FROM provider_credentials WHERE organization_id = app_org_id()")
        return ProviderName.allCases.filter { providers[$0] != nil || own.contains($0) }
    }

    /// See ``BookSession``.
    package func book(
        _ booking: Booking, key: IdempotencyKey<BookedSession>, as counselor: Actor
    ) async throws -> BookedSession {
        try await bookSession(booking, key: key, as: counselor)
    }

    /// Tries again to get a meeting for a session that failed to get one.
    /// - Throws: ``BookingError``
    package func retry(_ id: SessionID, as counselor: Actor) async throws -> SessionView {
        try await retrySession(try await find(id, as: counselor), as: counselor)
        return try await session(id, as: counselor)
    }

    /// - Throws: ``BookingError``
    package func cancel(_ id: SessionID, as counselor: Actor) async throws -> SessionView {
        try await cancelSession(try await find(id, as: counselor), as: counselor)
        return try await session(id, as: counselor)
    }

    /// - Throws: ``BookingError/noSuchSession`` also for one that the actor may not know of.
    package func session(_ id: SessionID, as actor: Actor) async throws -> SessionView {
        let row = try await database.acting(as: actor)
            .row(SessionRow.select(where: "s.id = \(id)", rest: "LIMIT 1"), as: SessionRow.self)
        guard let row else { throw BookingError.noSuchSession }
        return row.view
    }

    package func sessions(
        _ filter: SessionFilter, after cursor: Cursor?, limit: Int, as actor: Actor
    ) async throws -> Page<SessionView> {
        try await sessionList(filter, after: cursor, limit: limit, as: actor)
    }

    private func find(_ id: SessionID, as actor: Actor) async throws -> SessionMeetingHost {
        let session = try await database.acting(as: actor)
            .row(SessionMeetingHost.select(id.uuid), as: SessionMeetingHost.self)
        guard let session else { throw BookingError.noSuchSession }
        return session
    }
}
