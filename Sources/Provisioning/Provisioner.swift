package import Durable
import Foundation
import Logging
package import Meetings
import Metrics
package import Postgres
package import Values

/// Gets hosts their meetings, and takes away what nobody needs: it does what ``MeetingSaga`` says and writes down what
/// came of it. No transaction is open while a provider is asked.
package struct Provisioner: SagaWork {
    private let database: Database
    private let providers: MeetingProviders
    private let hosts: MeetingHosts
    private let environment: String
    private let clock: any WallClock
    private let relay: Wakeup

    /// - Parameters:
    ///   - database: as `convene_worker`.
    ///   - environment: tells installations apart that share a provider's account: part of every meeting's tag.
    ///   - relay: told when events were published.
    package init(
        database: Database, providers: MeetingProviders, hosts: MeetingHosts, environment: String,
        clock: any WallClock, relay: Wakeup
    ) {
        self.database = database
        self.providers = providers
        self.hosts = hosts
        self.environment = environment
        self.clock = clock
        self.relay = relay
    }

    package var kinds: [String] { hosts.kinds }

    package func advance(_ held: HeldSaga) async throws {
        let (meeting, saga) = try await takeUp(held)
        try await work(on: meeting, saga, from: try await lateAnswer(to: saga.openCall) ?? .due)
    }

    package func setAside(_ held: HeldSaga) async throws {
        let (meeting, saga) = try await takeUp(held)
        try await work(on: meeting, saga, from: .setAside)
    }

    package func abandon(_ held: HeldSaga) -> [SQL] { [Interventions.openForUnworkable(held.claim.id)] }

    private func work(on meeting: HostedMeeting, _ saga: MeetingSaga, from first: MeetingSaga.Event) async throws {
        var (saga, event) = (saga, first)
        while let next = try await step(meeting, &saga, by: event) { event = next }
    }

    /// Decides, writes, acts. Returns what came of the action, or `nil` when there is nothing to do now.
    private func step(
        _ meeting: HostedMeeting, _ saga: inout MeetingSaga, by event: MeetingSaga.Event
    ) async throws -> MeetingSaga.Event? {
        let before = saga
        let now = meeting.held.now
        let step = saga.apply(event, at: now, call: CallID(at: now), jitter: .random(in: 0...1))
        if step.isRelease { FailPoint.releasing.reach() }
        do {
            try await database.uncancelled(
                [meeting.write(saga, after: before, next: step.next)]
                    + step.writes.flatMap { meeting.statements(for: $0, of: saga, at: now) })
        } catch {
            if error.refusal?.code == Sagas.lost { await keepLateAnswer(event, to: before.openCall, meeting) }
            throw error
        }
        if step.isRelease { FailPoint.released.reach() }
        if !step.writes.isEmpty { relay.signal() }
        meeting.report(step, of: saga, at: clock.now)
        switch step.next {
        case .wait, .settle: return nil
        case .backfill(let made): return try await backfill(made, saga, meeting)
        case .call(let operation): return await meeting.call(operation, of: saga, on: clock)
        }
    }

    private func backfill(
        _ made: ProvisionedMeeting, _ saga: MeetingSaga, _ meeting: HostedMeeting
    ) async throws -> MeetingSaga.Event {
        FailPoint.recorded.reach()
        do {
            try await database.uncancelled(meeting.backfill(made, of: saga, at: meeting.held.now))
        } catch {
            if error.refusal?.code == type(of: meeting.host).notWaiting { return .backfillRefused }
            if case .server(let cause) = error, cause.state.isConstraintViolation {
                meeting.held.logger.error(
                    "a meeting could not be recorded", metadata: ["constraint": "\(cause.constraint ?? "")"])
                return .backfillImpossible
            }
            throw error
        }
        FailPoint.backfilled.reach()
        return .backfilled
    }
}

// MARK: - Taking up and losing

extension Provisioner {
    private func takeUp(_ held: HeldSaga) async throws -> (HostedMeeting, MeetingSaga) {
        let (host, version) = try await hosts.find(held.claim.id, kind: held.claim.kind, in: database)
        var saga = try await saga(of: held, host)
        if let deadline = held.claim.deadline { saga.read(deadline: deadline) }
        // Before an intent is written: what cannot be had here must not look like a call whose answer was lost.
        let provider = try await providers.provider(saga.provider, of: held.claim.organizationId, version: version)
        return (HostedMeeting(held: held, host: host, provider: provider, environment: environment), saga)
    }

    /// As its document has it. What cannot be read is tried again, since another version of this program may be at work
    /// beside this one, and when there is no more hope taken for a value that can only be set aside.
    private func saga(of held: HeldSaga, _ host: any MeetingHost) async throws -> MeetingSaga {
        let claim = held.claim
        do {
            return try JSONDecoder.convene.decode(MeetingSaga.self, from: Data(claim.document.utf8))
        } catch {
            let left = try await database.row(Self.left(in: claim.id), as: Left.self)
            guard claim.isHopeless, let state = MeetingSaga.State(rawValue: claim.state),
                let generation = left?.generation
            else { throw error }
            return MeetingSaga(
                unreadableIn: state, provider: host.provider,
                reconciliation: providers.reconciliation(at: host.provider) ?? .blind, generation: generation,
                deadline: claim.deadline ?? held.now, meeting: left?.meeting.map { MeetingReference(id: $0) })
        }
    }

    private struct Left: Decodable, Sendable { let generation: Int?, meeting: String? }

    private static func left(in saga: UUID) -> SQL {
        """
        SELECT (document->>'generation')::int AS generation, document #>> '{meeting,reference,id}' AS meeting
        FROM sagas WHERE id = \(saga)
        """
    }

    private func lateAnswer(to call: MeetingSaga.OpenCall?) async throws -> MeetingSaga.Event? {
        guard let call, call.operation == .create,
            let answer = try await database.row(ProviderCalls.lateAnswer(to: call.id), as: String.self)
        else { return nil }
        let made = try JSONDecoder.convene.decode(ProvisionedMeeting.self, from: Data(answer.utf8))
        return .created(.created(made))
    }

    /// The saga was taken over while the provider was answering: its answer is kept for whoever has it now.
    private func keepLateAnswer(
        _ event: MeetingSaga.Event, to call: MeetingSaga.OpenCall?, _ meeting: HostedMeeting
    ) async {
        guard let call, case .created(.created(let made)) = event else { return }
        do {
            try await database.uncancelled(
                [ProviderCalls.succeeded(call.id, meeting: made)] + Reconciliations.plan(for: call, of: meeting.held))
        } catch {
            meeting.held.logger.error(
                "a late answer could not be kept",
                metadata: ["error": "\(error)", "external_id": "\(made.reference.id)"])
        }
    }
}

// MARK: - What is written of one meeting

/// A saga that is held, what its meeting is for, and whom it is asked of: with the organization's account as it was when
/// the saga was taken up.
struct HostedMeeting: Sendable {
    let held: HeldSaga
    let host: any MeetingHost
    let provider: any MeetingProvider
    let environment: String
}

extension HostedMeeting {
    func write(_ saga: MeetingSaga, after before: MeetingSaga, next: MeetingSaga.Next) -> SQL {
        let next: Sagas.Next =
            switch next {
            case .call, .backfill: .keep
            case .wait(let until): .wait(until: until)
            case .settle: .settle
            }
        // Between asking and looking a saga may go back and forth: that is no progress.
        let isProgress = saga.state != before.state && ![.meetingPending, .reconcile].contains(saga.state)
        return Sagas.write(
            held.claim, state: saga.state.rawValue, document: saga, isProgress: isProgress, then: next)
    }

    func statements(for write: MeetingSaga.Write, of saga: MeetingSaga, at now: Date) -> [SQL] {
        switch write {
        case .intend(let call): [ProviderCalls.intend(call, tag: tag(of: saga), saga: saga, held: held)]
        case .succeeded(let call, let meeting): [ProviderCalls.succeeded(call, meeting: meeting)]
        case .rejected(let call, let reason): [ProviderCalls.ended(call, as: "rejected", reason: reason)]
        case .unknown(let call, let reason): [ProviderCalls.ended(call, as: "unknown", reason: reason)]
        case .release(let failure): host.release(because: failure, at: now)
        case .openCase(let reason, let meeting):
            [
                Interventions.open(
                    reason, meeting: meeting, provider: saga.provider, saga: held.claim.id,
                    of: held.claim.organizationId)
            ]
        case .lookAgainLater(let call): Reconciliations.plan(for: call, of: held)
        }
    }

    /// The meeting's own row, what its host shows of it, and its saga, which is scheduled by it.
    func backfill(_ made: ProvisionedMeeting, of saga: MeetingSaga, at now: Date) -> [SQL] {
        var scheduled = saga
        _ = scheduled.apply(.backfilled, at: now, call: CallID(at: now), jitter: 0)
        let id = MeetingID(at: now)
        return [
            Sagas.write(
                held.claim, state: scheduled.state.rawValue, document: scheduled, isProgress: true, then: .keep),
            MeetingStore.record(
                made, as: id, at: saga.provider, time: host.time, owner: host.owner, of: held.claim.organizationId),
        ] + host.schedule(made, as: id, at: now)
            + Renewals.plan(for: id, of: held.claim.id, in: held.claim.organizationId, host, expiringAt: made.expiresAt)
    }

    func tag(of saga: MeetingSaga) -> String {
        "cv:\(environment):\(held.claim.id.uuidString.lowercased()):\(saga.generation)"
    }

    func report(_ step: MeetingSaga.Step, of saga: MeetingSaga, at now: Date) {
        held.logger.debug("saga", metadata: ["state": "\(saga.state.rawValue)"])
        guard saga.state == .scheduled || step.isRelease else { return }
        let isSuccess = saga.state == .scheduled
        Metrics.Timer(
            label: "convene_provisioning_duration_seconds",
            dimensions: [("provider", saga.provider.rawValue), ("outcome", isSuccess ? "success" : "failed")]
        ).record(now.timeIntervalSince(host.createdAt))
        held.logger.info(
            "meeting \(isSuccess ? "created" : "failed")", metadata: ["provider": "\(saga.provider.rawValue)"])
    }
}

extension MeetingSaga.Step {
    fileprivate var isRelease: Bool { writes.contains { if case .release = $0 { true } else { false } } }
}
