import Foundation
import Meetings
import Values

@testable import Provisioning

/// One session's provisioning from the booking to the end, in a small world of its own: a provider, a database that
/// keeps what was committed, workers that die anywhere, and a counselor who cancels or tries again at any time.
struct MeetingSagaHistory {
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    private enum Session { case pending, scheduled(MeetingReference), failed, cancelled }

    private var random: SeededRandom
    private var provider: ModelProvider
    private let crashes: Int
    private let cancels: Int
    private var now = Date(timeIntervalSince1970: 1_788_771_600)

    // What the database holds.
    private var saga: MeetingSaga
    private var runAt: Date?
    private var session = Session.pending
    private var released = 0, backfilled = 0
    private var lateAnswers: [CallID: ProvisionedMeeting] = [:]
    private var tags: [CallID: String] = [:]
    private var looks: [(at: Date, call: MeetingSaga.OpenCall)] = []
    private var cases: [(generation: Int, meeting: MeetingReference?)] = []

    // What only the world knows: creates of this generation that nobody has an answer to, and absences seen since.
    private var createIsUnexplained = false
    private var absences = 0

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let reconciliation = [Reconciliation.keyed, .searchable, .blind].randomElement(using: &random) ?? .keyed
        provider = ModelProvider(
            reconciliation: reconciliation, refusesCancels: random.chance(5),
            trouble: [0, 10, 40, 90].randomElement(using: &random) ?? 0)
        crashes = [0, 5, 25].randomElement(using: &random) ?? 0
        cancels = [0, 2, 10].randomElement(using: &random) ?? 0
        saga = MeetingSaga(provider: .zoom, reconciliation: reconciliation, generation: 1, at: now)
        runAt = now
        self.random = random
    }

    mutating func run() throws {
        for turn in 1... {
            try require(turn < 2_000, "it never settles")
            if random.chance(cancels) { cancel() }
            guard let due = runAt else {
                try checkSettled()
                if case .failed = session, saga.generation < 3, random.chance(40) {
                    retry()
                    continue
                }
                if random.chance(cancels) { cancel() }
                if runAt == nil { break }
                continue
            }
            let lateness = random.chance(10) ? Duration.seconds(Int.random(in: 1...1_000, using: &random)) : .zero
            try pass(to: max(now, due).advanced(by: lateness))
            try work()
        }
        // Two days on, every create has landed and every look been taken.
        try pass(to: now.advanced(by: .hours(48)))
        try checkStrays()
    }

    // MARK: One worker, from its claim until it has nothing to do or dies

    private mutating func work() throws {
        var held = saga
        var event = MeetingSaga.Event.due
        if let call = held.openCall, call.operation == .create, let answer = lateAnswers[call.id] {
            event = .created(.created(answer))
        }
        if crashes > 0, random.chance(3) { event = .setAside }
        while true {
            let before = held
            let step = held.apply(event, at: now, call: CallID(at: now), jitter: .random(in: 0...1, using: &random))
            let known = (createIsUnexplained, absences)
            learn(from: event)
            try check(step, of: held, after: before)
            if random.chance(crashes) {
                (createIsUnexplained, absences) = known
                return die()
            }
            if random.chance(cancels) {
                // The counselor was faster: this worker's write finds another fence.
                (createIsUnexplained, absences) = known
                cancel()
                if let call = before.openCall, case .created(.created(let meeting)) = event {
                    lateAnswers[call.id] = meeting
                    planLooks(for: call)
                }
                return
            }
            saga = held
            try write(step)
            // Until its answer is committed, nobody knows what came of it.
            if case .call(.create) = step.next { (createIsUnexplained, absences) = (true, 0) }
            if random.chance(crashes) { return die() }
            switch step.next {
            case .settle:
                runAt = nil
                return
            case .wait(let until):
                runAt = until
                return
            case .backfill(let meeting):
                guard let next = backfill(meeting, &held) else { return die() }
                event = next
            case .call(let operation):
                event = call(operation)
                if random.chance(crashes) { return die() }
            }
        }
    }

    private mutating func die() { runAt = now.advanced(by: .seconds(60)) }

    /// `nil`: the worker died after the commit.
    private mutating func backfill(_ meeting: ProvisionedMeeting, _ held: inout MeetingSaga) -> MeetingSaga.Event? {
        guard case .pending = session else { return .backfillRefused }
        if random.chance(1) { return .backfillImpossible }
        var scheduled = held
        _ = scheduled.apply(.backfilled, at: now, call: CallID(at: now), jitter: 0)
        saga = scheduled
        session = .scheduled(meeting.reference)
        backfilled += 1
        return random.chance(crashes) ? nil : .backfilled
    }

    private mutating func call(_ operation: MeetingSaga.Operation) -> MeetingSaga.Event {
        let tag = tag
        defer { now = now.advanced(by: .seconds(Int.random(in: 0...15, using: &random))) }
        switch operation {
        case .create: return .created(provider.create(tag, at: now, &random))
        case .find: return .found(provider.find(tag, &random))
        case .cancel(let meeting): return .cancelAnswered(provider.cancel(meeting, &random))
        }
    }

    private var tag: String { "cv:model:s:\(saga.generation)" }

    // MARK: What is written

    private mutating func write(_ step: MeetingSaga.Step) throws {
        for write in step.writes {
            switch write {
            case .intend(let call): tags[call.id] = tag
            case .succeeded, .rejected, .unknown: break
            case .release:
                guard case .pending = session else { throw broken("it is released twice, or after its backfill") }
                session = .failed
                released += 1
            case .openCase(_, let meeting): cases.append((saga.generation, meeting))
            case .lookAgainLater(let call): planLooks(for: call)
            }
        }
    }

    private mutating func learn(from event: MeetingSaga.Event) {
        switch event {
        case .created(.unknown): break
        case .created, .found(.found): createIsUnexplained = false
        case .found(.absent): absences += 1
        default: break
        }
    }

    // MARK: The counselor

    private mutating func cancel() {
        switch session {
        case .cancelled: return
        case .pending, .scheduled, .failed: break
        }
        _ = saga.apply(.cancelAsked, at: now, call: CallID(at: now), jitter: 0)
        session = .cancelled
        runAt = now
    }

    private mutating func retry() {
        saga = MeetingSaga(
            provider: .zoom, reconciliation: provider.reconciliation, generation: saga.generation + 1, at: now)
        session = .pending
        (released, backfilled, createIsUnexplained, absences) = (0, 0, false, 0)
        runAt = now
    }

    // MARK: Looking again later, as `Reconciliations` does

    private mutating func planLooks(for call: MeetingSaga.OpenCall) {
        looks += [1, 5, 30, 120, 1440].map { (now.advanced(by: .minutes($0)), call) }
    }

    private mutating func pass(to moment: Date) throws {
        while let next = looks.map(\.at).min(), next <= moment {
            now = max(now, next)
            provider.land(until: now)
            let due = looks.filter { $0.at <= next }
            looks.removeAll { $0.at <= next }
            for look in due where !take(look.call) {
                // The queue tries again, until it gives up and somebody is told.
                if provider.refusesCancels {
                    cases.append((0, nil))
                } else {
                    looks.append((next.advanced(by: .minutes(1)), look.call))
                }
            }
        }
        now = max(now, moment)
        provider.land(until: now)
    }

    /// Whether it could be found out, and done.
    private mutating func take(_ call: MeetingSaga.OpenCall) -> Bool {
        guard let callTag = tags[call.id] else { return true }
        let isOpen = callTag == tag && [.meetingPending, .reconcile, .recorded].contains(saga.state)
        var strays: [MeetingReference] = []
        if let meeting = call.operation.meeting {
            strays = [meeting]
        } else if let answer = lateAnswers[call.id] {
            strays = isOpen ? [] : [answer.reference]
        } else if !isOpen, provider.reconciliation != .blind {
            switch provider.find(callTag, &random) {
            case .found(let meetings): strays = meetings.map(\.reference)
            case .absent: strays = []
            case .unknown: return false
            }
        }
        for stray in strays where stray != saga.meeting?.reference {
            guard provider.cancel(stray, &random) == .done else { return false }
        }
        return true
    }

    // MARK: What must be so

    private mutating func check(_ step: MeetingSaga.Step, of held: MeetingSaga, after before: MeetingSaga) throws {
        if case .call(.create) = step.next {
            switch provider.reconciliation {
            case .keyed: break
            case .blind: try require(!createIsUnexplained, "a blind provider is asked to create again")
            case .searchable:
                try require(!createIsUnexplained || absences >= 2, "it creates again without having looked twice")
            }
        }
        if case .wait(let until) = step.next, [.meetingPending, .reconcile].contains(held.state) {
            try require(until <= max(held.deadline, now), "it waits past its deadline")
        }
        if [.scheduled, .failed, .cancelled].contains(before.state), held.state != before.state {
            throw broken("a settled saga moves: \(before.state) to \(held.state)")
        }
        if case .settle = step.next {
            try require([.scheduled, .failed, .cancelled].contains(held.state), "it settles in \(held.state)")
        }
    }

    private func checkSettled() throws {
        switch (saga.state, session) {
        case (.scheduled, .scheduled):
            try require(backfilled == 1 && released == 0, "\(backfilled) backfills, \(released) releases")
        case (.failed, .failed):
            try require(backfilled == 0 && released == 1, "\(backfilled) backfills, \(released) releases")
        case (.cancelled, .cancelled): try require(backfilled + released <= 1, "both scheduled and released")
        default: throw broken("the saga is \(saga.state), the session \(session)")
        }
        try require(saga.openCall == nil && saga.strays.isEmpty, "it settles with something left to do")
        var again = saga
        let step = again.apply(.due, at: now, call: CallID(at: now), jitter: 0)
        try require(again == saga && step == MeetingSaga.Step(), "a settled saga goes on: \(step)")
    }

    private func checkStrays() throws {
        var kept: MeetingReference?
        if case .scheduled(let meeting) = session {
            kept = meeting
            try require(provider.meetings[meeting] != nil, "a scheduled session's meeting is gone")
        }
        for (meeting, tag) in provider.meetings where meeting != kept {
            let isKnown = cases.contains { known in
                known.meeting == meeting
                    || (known.meeting == nil && (known.generation == 0 || tag.hasSuffix(":\(known.generation)")))
            }
            try require(isKnown, "meeting \(meeting.id) of \(tag) is left, and nobody is told")
        }
    }

    private func require(_ condition: Bool, _ otherwise: String) throws {
        if !condition { throw broken(otherwise) }
    }

    private func broken(_ what: String) -> Broken {
        Broken(description: "\(what) (\(provider.reconciliation), \(saga))")
    }
}
