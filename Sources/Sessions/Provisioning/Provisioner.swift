import Calendars
package import Durable
import Foundation
package import Logging
package import Meetings
import Metrics
package import Postgres
import ServiceLifecycle
package import Values

/// Gets booked sessions their meetings, and takes away what nobody needs: it claims sagas that are due, does what
/// ``Provisioning`` says and writes down what came of it.
///
/// No transaction is open while a provider is asked. Any number may run, in any number of processes.
package struct Provisioner: Service {
    package static let sagaKind = "provisioning"

    /// How long a call may take before its missing answer counts against the account.
    private static let slowAfter = 8.0

    let database: Database
    let providers: MeetingProviders
    /// Tells installations apart that share a provider's account: part of every meeting's tag.
    let environment: String
    let clock: any WallClock
    let wakeup: Wakeup
    /// Told when events were published.
    let relay: Wakeup
    let logger: Logger
    /// Calls in flight at once in this process. A provider that hangs holds the permits of its own accounts, for 15
    /// seconds each.
    private let lanes = Lanes(permits: 32, total: 512)

    /// - Parameter database: as `convene_worker`.
    package init(
        database: Database, providers: MeetingProviders, environment: String, clock: any WallClock, wakeup: Wakeup,
        relay: Wakeup, logger: Logger
    ) {
        self.database = database
        self.providers = providers
        self.environment = environment
        self.clock = clock
        self.wakeup = wakeup
        self.relay = relay
        self.logger = logger
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await wakeup.signal(every: .milliseconds(500), on: clock) }
            for await _ in wakeup.signals.cancelOnGracefulShutdown() {
                while case let claims = await claim(limit: min(lanes.room, 64)), !claims.isEmpty {
                    for claim in claims {
                        let present = Present(claim.claimedAt, on: clock)
                        lanes.take(in: claim.lane)
                        group.addTask {
                            await work(on: claim, present)
                            if lanes.giveBack(in: claim.lane) { wakeup.signal() }
                        }
                    }
                }
            }
            // What has begun may finish: the answer to a call that is broken off is lost.
        }
    }

    /// Works on everything that is due now, and returns when it is done: what a test calls in place of ``run()``.
    package func runDue() async {
        while case let claims = await claim(limit: 64), !claims.isEmpty {
            await withDiscardingTaskGroup { group in
                for claim in claims {
                    let present = Present(claim.claimedAt, on: clock)
                    lanes.take(in: claim.lane)
                    group.addTask {
                        await work(on: claim, present)
                        _ = lanes.giveBack(in: claim.lane)
                    }
                }
            }
        }
    }

    private func claim(limit: Int) async -> [Sagas.Claim] {
        guard limit > 0 else { return [] }
        do {
            let claims = try await database.rows(
                Sagas.claim(
                    kind: Self.sagaKind, rooms: lanes.rooms(at: clock.now), usual: lanes.permits, limit: limit),
                as: Sagas.Claim.self)
            if !claims.isEmpty { FailPoint.claimed.reach() }
            return claims
        } catch {
            logger.warning("no sagas could be claimed", metadata: ["error": "\(error)"])
            return []
        }
    }
}

// MARK: - One saga

extension Provisioner {
    /// The database's time while a saga is worked on: that of the claim, and what has passed here since. A clock here
    /// that is wrong, or set meanwhile, moves it by no more than a lease.
    struct Present: Sendable {
        private let claimedAt: Date
        private let begun: Date
        private let clock: any WallClock

        init(_ claimedAt: Date, on clock: any WallClock) {
            self.claimedAt = claimedAt
            self.clock = clock
            begun = clock.now
        }

        var now: Date {
            let passed = clock.now.timeIntervalSince(begun)
            return claimedAt.addingTimeInterval(min(max(passed, 0), Sagas.lease / .seconds(1)))
        }
    }

    private func work(on claim: Sagas.Claim, _ present: Present) async {
        var logger = logger
        logger[metadataKey: "saga_id"] = "\(claim.id.uuidString.lowercased())"
        do {
            let select = ProvisionedSession.select(SessionID(claim.id))
            guard let session = try await database.row(select, as: ProvisionedSession.self) else { throw NoSession() }
            var saga = try await saga(of: claim, session, present)
            if let deadline = claim.deadline { saga.read(deadline: deadline) }
            // Before an intent is written: what cannot be had here must not look like a call whose answer was lost.
            let provider = try await providers.provider(
                saga.provider, of: session.organizationId, version: session.accountVersion)
            let subject = Subject(claim: claim, session: session, provider: provider, present: present)
            var event = Provisioning.Event.setAside
            if claim.isHopeless {
                logger.error("a saga is set aside: it came to nothing \(claim.claims - 1) times")
            } else {
                event = try await lateAnswer(to: saga.openCall) ?? .due
            }
            while let next = try await advance(&saga, by: event, subject, logger: logger) {
                event = next
            }
        } catch let error as PostgresError where error.refusal?.code == Sagas.lost {
            logger.info("the saga was taken over")
        } catch let error as PostgresError where error.isPassing {
            logger.warning("a saga is begun again where it was last written", metadata: ["error": "\(error)"])
            try? await database.uncancelled([Sagas.giveBack(claim)])
        } catch {
            logger.error("a saga could not be moved on", metadata: ["error": "\(error)"])
            await giveBackFailed(claim)
        }
    }

    private struct NoSession: Error {}

    /// As its document has it. What cannot be read is tried again, since another version of this program may be at work
    /// beside this one, and when there is no more hope taken for a value that can only be set aside.
    private func saga(
        of claim: Sagas.Claim, _ session: ProvisionedSession, _ present: Present
    ) async throws -> Provisioning {
        do {
            return try JSONDecoder.convene.decode(Provisioning.self, from: Data(claim.document.utf8))
        } catch {
            guard claim.isHopeless, let state = Provisioning.State(rawValue: claim.state) else { throw error }
            let meeting = try await database.row(
                "SELECT document #>> '{meeting,reference,id}' FROM sagas WHERE id = \(claim.id)", as: String?.self)
            return Provisioning(
                unreadableIn: state, provider: session.meetingProvider,
                reconciliation: providers.reconciliation(at: session.meetingProvider) ?? .blind,
                generation: session.generation, deadline: claim.deadline ?? present.now,
                meeting: (meeting ?? nil).map { MeetingReference(id: $0) })
        }
    }

    /// Tries again later, and later each time. Where even setting it aside fails somebody is told all the same.
    private func giveBackFailed(_ claim: Sagas.Claim) async {
        var statements = [
            Sagas.giveBackFailed(
                claim, after: claim.isHopeless ? .minutes(10) : .seconds(1 << min(max(claim.claims, 0), 6)))
        ]
        if claim.isHopeless { statements.append(Interventions.openForUnworkable(claim.id)) }
        do { try await database.uncancelled(statements) } catch {
            logger.warning("a saga could not be given back", metadata: ["error": "\(error)"])
        }
    }

    /// What a saga is about, while this worker holds it.
    private struct Subject {
        let claim: Sagas.Claim
        let session: ProvisionedSession
        /// With the organization's account as it was when the saga was taken up.
        let provider: any MeetingProvider
        let present: Present
    }

    private func lateAnswer(to call: Provisioning.OpenCall?) async throws -> Provisioning.Event? {
        guard let call, call.operation == .create,
            let answer = try await database.row(ProviderCalls.lateAnswer(to: call.id), as: String.self)
        else { return nil }
        let meeting = try JSONDecoder.convene.decode(ProvisionedMeeting.self, from: Data(answer.utf8))
        return .created(.created(meeting))
    }

    /// One step: decide, write, act. Returns what came of the action, or `nil` when there is nothing to do now.
    private func advance(
        _ saga: inout Provisioning, by event: Provisioning.Event, _ subject: Subject, logger: Logger
    ) async throws -> Provisioning.Event? {
        let (claim, session) = (subject.claim, subject.session)
        let before = saga
        let now = subject.present.now
        let step = saga.apply(event, at: now, call: CallID(at: now), jitter: .random(in: 0...1))
        if step.writes.contains(where: \.isRelease) { FailPoint.releasing.reach() }
        do {
            try await database.uncancelled(
                [write(saga, after: before, claim: claim, next: step.next)]
                    + step.writes.flatMap { statements(for: $0, saga: saga, session: session, at: now) })
        } catch {
            if error.refusal?.code == Sagas.lost {
                await keepLateAnswer(event, to: before.openCall, session: session)
            }
            throw error
        }
        if !step.writes.isEmpty { relay.signal() }
        report(step, saga: saga, session: session, logger: logger)
        switch step.next {
        case .wait, .settle: return nil
        case .backfill(let meeting): return try await backfill(meeting, saga: saga, subject)
        case .call(let operation): return await call(operation, saga: saga, subject, logger: logger)
        }
    }

    private func write(
        _ saga: Provisioning, after before: Provisioning, claim: Sagas.Claim, next: Provisioning.Next
    ) -> SQL {
        let next: Sagas.Next =
            switch next {
            case .call, .backfill: .keep
            case .wait(let until): .wait(until: until)
            case .settle: .settle
            }
        // Between asking and looking a saga may go back and forth: that is no progress.
        let isProgress = saga.state != before.state && ![.meetingPending, .reconcile].contains(saga.state)
        return Sagas.write(
            claim, state: saga.state.rawValue, document: saga, isProgress: isProgress, then: next)
    }

    private func statements(
        for write: Provisioning.Write, saga: Provisioning, session: ProvisionedSession, at now: Date
    ) -> [SQL] {
        switch write {
        case .intend(let call):
            [ProviderCalls.intend(call, tag: tag(of: session, saga), saga: saga, session: session)]
        case .succeeded(let call, let meeting): [ProviderCalls.succeeded(call, meeting: meeting)]
        case .rejected(let call, let reason): [ProviderCalls.ended(call, as: "rejected", reason: reason)]
        case .unknown(let call, let reason): [ProviderCalls.ended(call, as: "unknown", reason: reason)]
        case .release(let failure): Release.statements(for: session, failure: failure, at: now)
        case .openCase(let code, let reason, let meeting):
            [
                Interventions.open(
                    code: code, reason: reason, meeting: meeting, provider: saga.provider, session: session)
            ]
        case .lookAgainLater(let call): Reconciliations.plan(for: call, of: session)
        }
    }

    private func backfill(
        _ meeting: ProvisionedMeeting, saga: Provisioning, _ subject: Subject
    ) async throws -> Provisioning.Event {
        FailPoint.recorded.reach()
        let (claim, session, now) = (subject.claim, subject.session, subject.present.now)
        var scheduled = saga
        _ = scheduled.apply(.backfilled, at: now, call: CallID(at: now), jitter: 0)
        let id = MeetingID(at: now)
        do {
            try await database.uncancelled(
                [
                    Sagas.write(
                        claim, state: scheduled.state.rawValue, document: scheduled, isProgress: true, then: .keep),
                    MeetingStore.record(
                        meeting, as: id, at: saga.provider, time: session.time, owner: session.providerUserId,
                        of: session.organizationId),
                    SessionStore.schedule(session.id, of: session.kind, meeting: id),
                    Slots.attach(meeting: id, url: meeting.joinURL, to: session.id),
                    Outbox.append(
                        SessionEvents.result(
                            of: .create, on: session, meeting: meeting, failure: nil, at: now),
                        of: session.organizationId),
                ] + Renewals.plan(for: session, expiringAt: meeting.expiresAt))
        } catch {
            if error.refusal?.code == SessionStore.wrongState { return .backfillRefused }
            if case .server(let cause) = error, cause.state.isConstraintViolation {
                logger.error("a meeting could not be recorded", metadata: ["constraint": "\(cause.constraint ?? "")"])
                return .backfillImpossible
            }
            throw error
        }
        FailPoint.backfilled.reach()
        return .backfilled
    }

    private func call(
        _ operation: Provisioning.Operation, saga: Provisioning, _ subject: Subject, logger: Logger
    ) async -> Provisioning.Event {
        FailPoint.intended.reach()
        let (session, provider) = (subject.session, subject.provider)
        let request = MeetingRequest(
            tag: tag(of: session, saga), topic: session.title, time: session.time, timeZone: session.hostTimeZone,
            hostEmail: session.hostEmail)
        let started = clock.now
        let event: Provisioning.Event
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
        let isAnswered = event.isAnswer || taken < Self.slowAfter
        if !Task.isCancelled, lanes.note(isAnswered: isAnswered, in: subject.claim.lane, at: clock.now) {
            logger.notice(
                isAnswered ? "a provider answers again" : "a provider does not answer, and is left alone for a while",
                metadata: ["account": "\(subject.claim.lane)"])
            if isAnswered { wakeup.signal() }
        }
        return event
    }

    private func tag(of session: ProvisionedSession, _ saga: Provisioning) -> String {
        "cv:\(environment):\(session.id):\(saga.generation)"
    }

    /// The saga was taken over while the provider was answering: its answer is kept for anyone who has it now.
    private func keepLateAnswer(
        _ event: Provisioning.Event, to call: Provisioning.OpenCall?, session: ProvisionedSession
    ) async {
        guard let call, case .created(.created(let meeting)) = event else { return }
        do {
            try await database.uncancelled(
                [ProviderCalls.succeeded(call.id, meeting: meeting)] + Reconciliations.plan(for: call, of: session))
        } catch {
            logger.error(
                "a late answer could not be kept",
                metadata: ["error": "\(error)", "external_id": "\(meeting.reference.id)"])
        }
    }

    private func report(
        _ step: Provisioning.Step, saga: Provisioning, session: ProvisionedSession, logger: Logger
    ) {
        if step.writes.contains(where: \.isRelease) { FailPoint.released.reach() }
        let outcome: String? =
            if saga.state == .scheduled { "success" } else if step.writes.contains(where: \.isRelease) { "failed" } else
            { nil }
        logger.debug("saga", metadata: ["state": "\(saga.state.rawValue)"])
        guard let outcome else { return }
        Metrics.Timer(
            label: "convene_provisioning_duration_seconds",
            dimensions: [("provider", saga.provider.rawValue), ("outcome", outcome)]
        ).record(clock.now.timeIntervalSince(session.createdAt))
        logger.info(
            "meeting \(outcome == "success" ? "created" : "failed")",
            metadata: ["provider": "\(saga.provider.rawValue)"])
    }
}

extension Provisioning.Write {
    fileprivate var isRelease: Bool {
        if case .release = self { true } else { false }
    }
}

extension Provisioning.Event {
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
