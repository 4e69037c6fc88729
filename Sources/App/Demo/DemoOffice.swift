import Access
import Durable
import Foundation
import Logging
import Postgres
import Sessions
import Simulators
import Values

/// Where a demo's sessions are booked and get their meetings, on a clock that is set back for it.
struct DemoOffice: Sendable {
    let clock: DemoClock
    let simulators: SimulatorServer
    let people: DemoCast
    private let contexts: Contexts
    private let runner: SagaRunner
    private let database: Database
    private let logger: Logger

    /// - Parameter port: the simulators'.
    init(
        _ dependencies: Dependencies, on clock: DemoClock, simulators: SimulatorServer, at port: Int, people: DemoCast,
        logger: Logger
    ) throws {
        self.clock = clock
        self.simulators = simulators
        self.people = people
        self.logger = logger
        database = dependencies.background.database
        contexts = try Contexts(
            Dependencies(
                settings: dependencies.settings, requests: dependencies.requests,
                background: Background(database: database, clock: clock, logger: logger),
                secretBox: dependencies.secretBox),
            simulators: URL(string: "http://127.0.0.1:\(port)"), listeningOn: PoolConfiguration(url: ""))
        runner = contexts.provisioning.runner
    }

    /// Books what was not booked before, gets it its meetings, and cancels what is to be cancelled.
    func hold(_ plan: DemoPlan) async throws {
        var booked: [(session: DemoPlan.Session, id: SessionID)] = []
        for session in plan.sessions {
            if let id = try await book(session) { booked.append((session, id)) }
        }
        // Early enough for all to be in the future, and late enough for Feishu to take the last one.
        clock.set(to: plan.begin.advanced(by: .zero - DemoPlan.halfLength - .hours(24)))
        for (session, id) in booked { try await spoil(session, id) }
        try await provision(booked.map(\.id))
        for (session, id) in booked where session.outcome == .cancelled { try await cancel(session, id) }
        try await finish(booked.map(\.id))
    }

    /// - Returns: `nil` for one whose people or whose time somebody has taken who was faster than the demo.
    private func book(_ session: DemoPlan.Session) async throws -> SessionID? {
        clock.set(to: session.bookedAt)
        do {
            if let known = try await find(session) { return known }
            let counselor = try people.actor(session.series.counselor)
            return try await contexts.sessions.sessions.book(try booking(session), key: .absent, as: counselor)
                .sessionId
        } catch let error as BookingError {
            logger.warning("a session of the demo is left out", metadata: ["error": "\(error)"])
        } catch let missing as DemoCast.Missing {
            logger.warning("a session of the demo is left out", metadata: ["missing": "\(missing.person)"])
        }
        return nil
    }

    /// Lets happen what keeps the session from getting its meeting.
    private func spoil(_ session: DemoPlan.Session, _ id: SessionID) async throws {
        switch session.outcome {
        case .refused: await simulators.befall(session.series.provider, .dailyLimit)
        case .unknown: await simulators.befall(session.series.provider, .lostAnswer)
        case .scheduled, .cancelled: return
        }
        try await runner.runDue(id.uuid)
        await simulators.recover()
    }

    private func cancel(_ session: DemoPlan.Session, _ id: SessionID) async throws {
        do {
            _ = try await contexts.sessions.sessions.cancel(id, as: try people.actor(session.series.counselor))
        } catch is BookingError {
            // It was cancelled before.
        }
    }

    private func provision(_ sessions: [SessionID]) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for id in sessions { group.addTask { try await runner.runDue(id.uuid) } }
        }
    }

    /// Waits for meetings that were being asked for when an earlier process was killed: they are looked for half a minute
    /// before they are asked for again. Whatever is not done after two minutes is left to the workers.
    private func finish(_ sessions: [SessionID]) async throws {
        let end = ContinuousClock.now + .minutes(2)
        while ContinuousClock.now < end {
            let waiting: [SessionID] = try await database.rows(
                "SELECT id FROM sagas WHERE id = ANY (\(sessions)::uuid[]) AND run_at < present() + interval '5 minutes'"
            )
            guard !waiting.isEmpty else { return }
            try await provision(waiting)
            try await clock.sleep(for: .milliseconds(200))
        }
    }

    private func find(_ session: DemoPlan.Session) async throws -> SessionID? {
        try await database.row(
            """
            SELECT id FROM all_sessions
            WHERE kind = \(session.series.kind) AND title = \(session.title) AND scheduled_at = \(session.start)
              AND provider_user_id = \(try people.id(session.series.host))
            """, as: SessionID.self)
    }

    private func booking(_ session: DemoPlan.Session) throws -> Booking {
        let series = session.series
        let details: any SessionDetails = try JSONDecoder.convene.decode(
            series.kind.details, from: Data(series.fields.utf8))
        return Booking(
            details: details, students: try series.students.map(people.id), provider: try people.id(series.host),
            title: session.title, description: series.description, time: session.time, meetingProvider: series.provider)
    }
}
