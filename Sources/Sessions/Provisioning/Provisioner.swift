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

    /// Calls in flight at once in this process. A provider that hangs holds its share for 15 seconds each.
    private static let concurrency = 64

    let database: Database
    let providers: MeetingProviders
    /// Tells installations apart that share a provider's account: part of every meeting's tag.
    let environment: String
    let clock: any WallClock
    let wakeup: Wakeup
    /// Told when events were published.
    let relay: Wakeup
    let logger: Logger

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
        let permits = Permits(Self.concurrency)
        await withDiscardingTaskGroup { group in
            group.addTask { await wakeup.signal(every: .milliseconds(500), on: clock) }
            for await _ in wakeup.signals.cancelOnGracefulShutdown() {
                while case let room = min(permits.available, 16), room > 0 {
                    let claims = await claim(limit: room)
                    for claim in claims {
                        permits.take()
                        group.addTask {
                            await work(on: claim)
                            if permits.giveBack() { wakeup.signal() }
                        }
                    }
                    if claims.count < room { break }
                }
            }
            // What has begun may finish: the answer to a call that is broken off is lost.
        }
    }

    /// Works on everything that is due now, and returns when it is done: what a test calls in place of ``run()``.
    package func runDue() async {
        while case let claims = await claim(limit: 16), !claims.isEmpty {
            await withDiscardingTaskGroup { group in
                for claim in claims { group.addTask { await work(on: claim) } }
            }
        }
    }

    private func claim(limit: Int) async -> [Sagas.Claim] {
        do {
            let claims = try await database.rows(
                Sagas.claim(kind: Self.sagaKind, at: clock.now, limit: limit), as: Sagas.Claim.self)
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
    private func work(on claim: Sagas.Claim) async {
        var logger = logger
        logger[metadataKey: "saga_id"] = "\(claim.id.uuidString.lowercased())"
        do {
            var saga = try JSONDecoder.convene.decode(Provisioning.self, from: Data(claim.document.utf8))
            guard
                let session = try await database.row(
                    ProvisionedSession.select(SessionID(claim.id)), as: ProvisionedSession.self)
            else {
                logger.error("a saga without its session")
                return
            }
            // Before an intent is written: what cannot be had here must not look like a call whose answer was lost.
            let provider = try await providers.provider(
                saga.provider, of: session.organizationId, version: session.accountVersion)
            let subject = Subject(claim: claim, session: session, provider: provider)
            var event = try await lateAnswer(to: saga.openCall) ?? .due
            while let next = try await advance(&saga, by: event, subject, logger: logger) {
                event = next
            }
        } catch let error as PostgresError where error.refusal?.code == Sagas.lost {
            logger.info("the saga was taken over")
        } catch let error as PostgresError where error.isPassing {
            logger.warning("a saga is begun again where it was last written", metadata: ["error": "\(error)"])
            _ = try? await database.run(Sagas.giveBack(claim))
        } catch {
            // The lease runs out in a minute and somebody tries again, from what was last written.
            logger.error("a saga could not be moved on", metadata: ["error": "\(error)"])
        }
    }

    /// What a saga is about, while this worker holds it.
    private struct Subject {
        let claim: Sagas.Claim
        let session: ProvisionedSession
        /// With the organisation's account as it was when the saga was taken up.
        let provider: any MeetingProvider
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
        let now = clock.now
        let step = saga.apply(event, at: now, call: CallID(at: now), jitter: .random(in: 0...1))
        if step.writes.contains(where: \.isRelease) { FailPoint.releasing.reach() }
        do {
            try await database.atomically(
                [write(saga, claim: claim, next: step.next)]
                    + step.writes.flatMap { statements(for: $0, saga: saga, session: session) })
        } catch {
            if error.refusal?.code == Sagas.lost {
                await keepLateAnswer(event, to: before.openCall, saga: saga, session: session)
            }
            throw error
        }
        if !step.writes.isEmpty { relay.signal() }
        report(step, saga: saga, session: session, logger: logger)
        switch step.next {
        case .wait, .settle: return nil
        case .backfill(let meeting): return try await backfill(meeting, saga: saga, claim: claim, session: session)
        case .call(let operation): return await call(operation, saga: saga, session: session, at: subject.provider)
        }
    }

    private func write(_ saga: Provisioning, claim: Sagas.Claim, next: Provisioning.Next) -> SQL {
        let next: Sagas.Next =
            switch next {
            case .call, .backfill: .keep
            case .wait(let until): .wait(until: until)
            case .settle: .settle
            }
        return Sagas.write(claim, state: saga.state.rawValue, document: saga, then: next)
    }

    private func statements(
        for write: Provisioning.Write, saga: Provisioning, session: ProvisionedSession
    ) -> [SQL] {
        switch write {
        case .intend(let call):
            [ProviderCalls.intend(call, tag: tag(of: session, saga), saga: saga, session: session)]
        case .succeeded(let call, let meeting): [ProviderCalls.succeeded(call, meeting: meeting)]
        case .rejected(let call, let reason): [ProviderCalls.ended(call, as: "rejected", reason: reason)]
        case .unknown(let call, let reason): [ProviderCalls.ended(call, as: "unknown", reason: reason)]
        case .release(let failure): Release.statements(for: session, failure: failure, at: clock.now)
        case .openCase(let code, let reason, let meeting):
            [
                Interventions.open(
                    code: code, reason: reason, meeting: meeting, provider: saga.provider, session: session)
            ]
        case .lookAgainLater(let call): Reconciliations.plan(for: call, of: session, at: clock.now)
        }
    }

    private func backfill(
        _ meeting: ProvisionedMeeting, saga: Provisioning, claim: Sagas.Claim, session: ProvisionedSession
    ) async throws -> Provisioning.Event {
        FailPoint.recorded.reach()
        var scheduled = saga
        _ = scheduled.apply(.backfilled, at: clock.now, call: CallID(at: clock.now), jitter: 0)
        let id = MeetingID(at: clock.now)
        do {
            try await database.atomically(
                [
                    Sagas.write(claim, state: scheduled.state.rawValue, document: scheduled, then: .keep),
                    MeetingStore.record(
                        meeting, as: id, at: saga.provider, time: session.time, owner: session.providerUserId,
                        of: session.organizationId),
                    SessionStore.schedule(session.id, of: session.kind, meeting: id),
                    Slots.attach(meeting: id, url: meeting.joinURL, to: session.id),
                    Outbox.append(
                        SessionEvents.result(
                            of: .create, on: session, meeting: meeting, failure: nil, at: clock.now),
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
        _ operation: Provisioning.Operation, saga: Provisioning, session: ProvisionedSession,
        at provider: any MeetingProvider
    ) async -> Provisioning.Event {
        FailPoint.intended.reach()
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
        Metrics.Timer(
            label: "convene_provider_call_duration_seconds",
            dimensions: [("provider", saga.provider.rawValue), ("operation", operation.name)]
        ).record(clock.now.timeIntervalSince(started))
        return event
    }

    private func tag(of session: ProvisionedSession, _ saga: Provisioning) -> String {
        "cv:\(environment):\(session.id):\(saga.generation)"
    }

    /// The saga was taken over while the provider was answering: its answer is kept for whoever has it now.
    private func keepLateAnswer(
        _ event: Provisioning.Event, to call: Provisioning.OpenCall?, saga: Provisioning, session: ProvisionedSession
    ) async {
        guard let call, case .created(.created(let meeting)) = event else { return }
        do {
            try await database.atomically(
                [ProviderCalls.succeeded(call.id, meeting: meeting)]
                    + Reconciliations.plan(for: call, of: session, at: clock.now))
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
