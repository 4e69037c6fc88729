import Access
import Durable
import Foundation
import Identity
import Logging
import Postgres
import Sessions
import Simulators
import Values

/// Books a demo's sessions, once: through the services that requests and workers use, on a clock that stands where each
/// was booked, and at simulators of its own, which stand in the past too and refuse where a session is to fail.
///
/// That they are still to be booked is a row that commits with the demo's people and ends with the last session. Whoever
/// works on it holds the row, so that of several processes one does; when that one is killed the next goes on where it
/// stopped.
struct DemoSessions: Sendable {
    let access: DatabaseAccess
    let dependencies: Dependencies
    /// By whom people sign in, on the true clock.
    let identity: IdentityServices

    private static let jobKind = "demo_sessions"

    private struct Payload: Codable, Sendable {
        /// When they were first begun.
        let begin: Date?
    }

    /// Says that they are to be booked. It waits among the queue's jobs and is none that a worker takes: while they are
    /// booked no saga may be taken up by anybody else, so ``DemoWork`` does it before any worker begins.
    static var plan: SQL {
        Queue.enqueue(Job(organization: nil, kind: jobKind, key: "", payload: Payload(begin: nil)))
    }

    /// Nothing when they are there already.
    func callAsFunction() async throws {
        try await access.asOwner(logger: dependencies.logger) { owner in
            try await owner.run(
                """
                UPDATE queue_jobs SET payload = \(JSON(Payload(begin: dependencies.clock.now)))
                WHERE kind = \(Self.jobKind) AND state = 'waiting' AND payload->>'begin' IS NULL
                """)
            // The transaction holds the one row, and nothing that anybody waits for but another process of this demo.
            // Should it be repeated, it finds what it has booked.
            try await owner.transaction { tx in
                let waiting = try await tx.row(
                    """
                    SELECT payload::text FROM queue_jobs WHERE kind = \(Self.jobKind) AND state = 'waiting' FOR UPDATE
                    """, as: String.self)
                guard let waiting else { return }
                let payload = try JSONDecoder.convene.decode(Payload.self, from: Data(waiting.utf8))
                let plan = DemoPlan(beginningAt: payload.begin ?? dependencies.clock.now)
                try await book(plan, owner)
                try await tx.run(
                    """
                    UPDATE queue_jobs SET state = 'done', finished_at = now(), updated_at = now()
                    WHERE kind = \(Self.jobKind) AND state = 'waiting'
                    """)
            }
        }
    }

    private func book(_ plan: DemoPlan, _ owner: Database) async throws {
        let started = ContinuousClock.now
        let clock = DemoClock(plan.begin)
        // Of each meeting that is made a line is enough for what happens now, and too much for what happened.
        var logger = dependencies.logger
        logger.logLevel = max(logger.logLevel, .warning)
        let simulators = SimulatorServer(clock: clock, logger: logger)
        let simulation = Task { try await simulators.run() }
        defer { simulation.cancel() }
        let people = try await DemoCast(owner, identity)
        let office = try DemoOffice(
            dependencies, on: clock, simulators: simulators, at: await simulators.port, people: people, logger: logger)
        do {
            try await furnish(people)
            try await office.hold(plan)
            await people.leave()
        } catch {
            await people.leave()
            throw error
        }
        dependencies.logger.info(
            "the demo has its sessions",
            metadata: [
                "sessions": "\(plan.sessions.count)", "seconds": "\((.now - started) / Duration.seconds(1))",
            ])
    }

    /// Groups to choose people by, and somebody who has been invited and has not come yet.
    private func furnish(_ people: DemoCast) async throws {
        guard let admin = try? people.actor("admin") else { return }
        for (name, members) in [
            ("Career changers", ["student2", "student4", "student7"]),
            ("Graduate school", ["student", "student3", "student8"]),
        ] {
            do {
                let group = try await identity.groups.create(name: name, as: admin).id
                for member in members { try await identity.groups.add(people.id(member), to: group, as: admin) }
            } catch OrganizationError.groupNameTaken {
                continue
            }
        }
        guard try await identity.invitations.list(after: nil, limit: 1, as: admin).items.isEmpty else { return }
        _ = try await identity.invitations.invite(
            EmailAddress("jonas.keller@guests.example"), as: .mentor, by: admin)
    }
}
