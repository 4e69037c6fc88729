package import Foundation
package import Meetings
package import Values

/// Where the making of one meeting stands. A pure value: it decides, and ``Provisioner`` acts.
///
/// The rules are those of docs/decisions/0003: an intent is written before each call; an intent without an answer is
/// unknown and never simply repeated; what the database must give back is given back before the provider is asked to
/// cancel; a host that has failed or was cancelled never comes back by late news.
package struct MeetingSaga: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable {
        /// There is no meeting, and none is on its way that we know of.
        case meetingPending = "meeting_pending"
        /// A create's answer was lost; looking whether the meeting is there.
        case reconcile
        /// The provider has made the meeting; the database does not show it yet.
        case recorded
        /// The host has given it up or was cancelled; what is left at the provider is being taken away.
        case cleanup
        case scheduled, failed, cancelled
    }

    /// How cleanup ends.
    package enum Ending: String, Codable, Sendable { case failed, cancelled }

    /// A call whose intent is written and whose answer is not.
    package struct OpenCall: Codable, Sendable, Equatable {
        package let id: CallID
        package let operation: Operation
    }

    package enum Operation: Codable, Sendable, Equatable {
        case create, find
        case cancel(MeetingReference)
    }

    package let provider: ProviderName
    package let reconciliation: Reconciliation
    /// 1 for the booking, one more for each time that a counselor tries again.
    package let generation: Int
    /// When waiting ends and the host is released.
    package private(set) var deadline: Date
    package private(set) var state = State.meetingPending
    package private(set) var openCall: OpenCall?
    package private(set) var meeting: ProvisionedMeeting?
    /// Meetings of ours that nobody needs and that are still at the provider.
    package private(set) var strays: [MeetingReference] = []
    package private(set) var ending: Ending?
    /// Tries of the present kind of call that came to nothing.
    private(set) var attempts = 0
    /// Times that the provider said that the meeting is not there.
    private(set) var looks = 0
    /// Workers died of it or failed at it too often: the provider is not asked for it any more.
    package private(set) var isSetAside: Bool?

    /// How long a host waits for its meeting before it is released.
    package static let timeout = Duration.minutes(15)

    package init(provider: ProviderName, reconciliation: Reconciliation, generation: Int, at now: Date) {
        self.provider = provider
        self.reconciliation = reconciliation
        self.generation = generation
        deadline = now.advanced(by: Self.timeout)
    }

    /// In place of a value that cannot be read (another version's, say): only good for being set aside.
    /// - Parameter meeting: what the provider is known to have made.
    package init(
        unreadableIn state: State, provider: ProviderName, reconciliation: Reconciliation, generation: Int,
        deadline: Date, meeting: MeetingReference?
    ) {
        self.provider = provider
        self.reconciliation = reconciliation
        self.generation = generation
        self.deadline = deadline
        self.state = state
        strays = meeting.map { [$0] } ?? []
    }

    /// The same deadline by another clock than that of who wrote the value.
    package mutating func read(deadline: Date) { self.deadline = deadline }

    /// Takes in what has happened and says what follows.
    /// - Parameters:
    ///   - call: the id of the next call, should there be one.
    ///   - jitter: 0 to 1, stretches waits by up to a quarter so that those who failed together do not return together.
    package mutating func apply(_ event: Event, at now: Date, call: CallID, jitter: Double) -> Step {
        var turn = Turn(now: now, call: call, jitter: jitter)
        switch event {
        case .due where isSetAside == true: setAside(&turn)
        case .due: resume(&turn)
        case .created(let outcome): took(outcome, &turn)
        case .found(let outcome): took(outcome, &turn)
        case .cancelAnswered(let outcome): took(outcome, &turn)
        case .backfilled:
            state = .scheduled
            turn.step.next = .settle
        case .backfillRefused:
            giveUp(as: .cancelled)
            proceed(&turn)
        case .backfillImpossible: disown(&turn)
        case .cancelAsked: cancel(&turn)
        case .setAside: setAside(&turn)
        }
        return turn.step
    }

    private struct Turn {
        let now: Date
        let call: CallID
        let jitter: Double
        var step = Step()

        func after(_ wait: Duration) -> Date { now.advanced(by: wait * (1 + jitter / 4)) }
    }
}

// MARK: - What follows from where it stands

extension MeetingSaga {
    private mutating func proceed(_ turn: inout Turn) {
        switch state {
        case .meetingPending where turn.now >= deadline, .reconcile where turn.now >= deadline:
            let minutes = Explanation.Argument.number(Self.timeout.wholeMinutes)
            fail(.meeting(.timeout, at: provider, ["minutes": minutes]), &turn)
        case .meetingPending: open(.create, &turn)
        case .reconcile: open(.find, &turn)
        case .recorded:
            // A value in this state always has its meeting; without one there is nothing to show.
            if let meeting { turn.step.next = .backfill(meeting) } else { turn.step.next = .settle }
        case .cleanup:
            if let stray = strays.first {
                open(.cancel(stray), &turn)
            } else {
                state = ending == .cancelled ? .cancelled : .failed
                turn.step.next = .settle
            }
        case .scheduled, .failed, .cancelled: turn.step.next = .settle
        }
    }

    private mutating func open(_ operation: Operation, _ turn: inout Turn) {
        let call = OpenCall(id: turn.call, operation: operation)
        openCall = call
        turn.step.writes.append(.intend(call))
        turn.step.next = .call(operation)
    }

    private mutating func wait(_ asked: Duration?, _ turn: inout Turn) {
        attempts += 1
        let longest = state == .cleanup ? Duration.hours(1) : .seconds(60)
        let own = min(Duration.seconds(1) * (1 << min(2 * (attempts - 1), 12)), longest)
        // What a provider asks for is respected for a day: a limit may last until midnight, and a mistake for years.
        pause(min(max(asked ?? own, .seconds(1)), .hours(24)), &turn)
    }

    private func pause(_ duration: Duration, _ turn: inout Turn) {
        let until = turn.after(duration)
        // Whoever would go on after the deadline is given up at the deadline, not later.
        turn.step.next = .wait(until: state == .cleanup ? until : min(until, deadline))
    }
}

// MARK: - What has happened

extension MeetingSaga {
    private mutating func resume(_ turn: inout Turn) {
        guard let call = openCall else { return proceed(&turn) }
        lose(call, reason: .serverStopped, &turn)
    }

    private mutating func took(_ outcome: CreateOutcome, _ turn: inout Turn) {
        guard let call = openCall else { return proceed(&turn) }
        openCall = nil
        switch outcome {
        case .created(let made):
            turn.step.writes.append(.succeeded(call.id, made))
            attempts = 0
            if state == .meetingPending {
                meeting = made
                state = .recorded
            } else {
                strays.append(made.reference)
            }
            proceed(&turn)
        case .later(let after, let reason):
            turn.step.writes.append(.rejected(call.id, reason: reason))
            guard state == .meetingPending else { return proceed(&turn) }
            wait(after, &turn)
        case .refused(let code, let reason):
            turn.step.writes.append(.rejected(call.id, reason: reason))
            guard state == .meetingPending else { return proceed(&turn) }
            fail(.meeting(.refused, at: provider, ["reason": .reason(reason)]), code: code, &turn)
        case .unknown(let reason):
            lose(call, reason: reason, &turn)
        }
    }

    private mutating func took(_ outcome: FindOutcome, _ turn: inout Turn) {
        guard let call = openCall else { return proceed(&turn) }
        openCall = nil
        switch outcome {
        case .found(let meetings):
            guard let kept = meetings.first else { return tookAbsence(of: call, &turn) }
            turn.step.writes.append(.succeeded(call.id, kept))
            attempts = 0
            // Several were lost, and all done. Each lost create is looked into later, and that look takes away what is
            // not kept; the host need not wait for it.
            if state == .reconcile {
                meeting = kept
                state = .recorded
            } else {
                strays += meetings.map(\.reference).filter { !strays.contains($0) }
            }
            proceed(&turn)
        case .absent: tookAbsence(of: call, &turn)
        case .unknown(let reason):
            lose(call, reason: reason, &turn)
        }
    }

    private mutating func tookAbsence(of call: OpenCall, _ turn: inout Turn) {
        turn.step.writes.append(.succeeded(call.id, nil))
        looks += 1
        guard state == .reconcile else { return proceed(&turn) }
        if looks < 2 {
            pause(.seconds(25), &turn)
        } else {
            state = .meetingPending
            proceed(&turn)
        }
    }

    private mutating func took(_ outcome: ChangeOutcome, _ turn: inout Turn) {
        guard let call = openCall else { return proceed(&turn) }
        openCall = nil
        switch outcome {
        case .done, .gone:
            turn.step.writes.append(.succeeded(call.id, nil))
            attempts = 0
            if case .cancel(let stray) = call.operation { strays.removeAll { $0 == stray } }
            proceed(&turn)
        case .later(let after, let reason):
            turn.step.writes.append(.rejected(call.id, reason: reason))
            cancelAgain(after: after, reason: reason, call, &turn)
        case .refused(_, let reason):
            turn.step.writes.append(.rejected(call.id, reason: reason))
            cancelAgain(after: nil, reason: reason, call, &turn)
        case .unknown(let reason):
            lose(call, reason: reason, &turn)
        }
    }

    /// No answer came: what was asked for may have been done.
    private mutating func lose(_ call: OpenCall, reason: Explanation, _ turn: inout Turn) {
        openCall = nil
        turn.step.writes.append(.unknown(call.id, reason: reason))
        switch call.operation {
        case .find where state == .reconcile: wait(nil, &turn)
        case .find: proceed(&turn)
        // A cancel may be sent again: one that has been done counts as done.
        case .cancel: cancelAgain(after: nil, reason: reason, call, &turn)
        case .create: loseCreate(call, reason: reason, &turn)
        }
    }

    private mutating func loseCreate(_ call: OpenCall, reason: Explanation, _ turn: inout Turn) {
        switch reconciliation {
        case .keyed:
            // Asking again with the same key is the look-up; but it may be cancelled or given up before it is asked.
            turn.step.writes.append(.lookAgainLater(call))
            if state == .meetingPending { wait(nil, &turn) } else { proceed(&turn) }
        case .searchable:
            turn.step.writes.append(.lookAgainLater(call))
            guard state == .meetingPending else { return proceed(&turn) }
            state = .reconcile
            attempts = 0
            looks = 0
            pause(.seconds(5), &turn)
        case .blind:
            let why = ["reason": Explanation.Argument.reason(reason)]
            turn.step.writes.append(.openCase(.meeting(.unnamed, at: provider, why), meeting: nil))
            guard state == .meetingPending else { return proceed(&turn) }
            fail(.meeting(.answerLost, at: provider, why), manual: true, &turn)
        }
    }

    private mutating func cancelAgain(after: Duration?, reason: Explanation, _ call: OpenCall, _ turn: inout Turn) {
        guard attempts + 1 >= 8, case .cancel(let stray) = call.operation else { return wait(after, &turn) }
        let why = Explanation.meeting(.cancelFailed, at: provider, ["reason": .reason(reason)])
        turn.step.writes.append(.openCase(why, meeting: stray))
        turn.step.writes.append(.lookAgainLater(call))
        strays.removeAll { $0 == stray }
        attempts = 0
        proceed(&turn)
    }

    /// The meeting that the provider gave us may be another's: cancelling it would take that one away.
    private mutating func disown(_ turn: inout Turn) {
        let why = Explanation.meeting(.notRecorded, at: provider)
        turn.step.writes.append(.openCase(why, meeting: meeting?.reference))
        meeting = nil
        fail(why, manual: true, &turn)
    }

    /// - Parameter code: the provider's own; `nil`: the reason's.
    private mutating func fail(
        _ reason: Explanation, code: String? = nil, manual: Bool = false, _ turn: inout Turn
    ) {
        turn.step.writes.append(
            .release(MeetingFailure(code: code ?? reason.code, reason: reason, requiresManualIntervention: manual)))
        giveUp(as: .failed)
        proceed(&turn)
    }

    /// Whatever it is that workers do not survive, nothing of it is tried again: not the calls, and not the writing of
    /// what they brought. Somebody is told at once, and the host is released when its time has come.
    private mutating func setAside(_ turn: inout Turn) {
        if isSetAside != true {
            isSetAside = true
            let why = Explanation.meeting(.setAside, at: provider)
            let left = [meeting?.reference].compactMap(\.self) + strays
            for stray in left.isEmpty ? [nil] : left.map(Optional.some) {
                turn.step.writes.append(.openCase(why, meeting: stray))
            }
            if let call = openCall {
                turn.step.writes.append(.unknown(call.id, reason: .serverStopped))
                turn.step.writes.append(.lookAgainLater(call))
            }
        }
        openCall = nil
        strays = []
        switch state {
        case .meetingPending, .reconcile, .recorded:
            guard turn.now >= deadline else { return turn.step.next = .wait(until: deadline) }
            turn.step.writes.append(
                .release(
                    MeetingFailure(
                        code: MeetingReason.setAside.rawValue, reason: .meeting(.notGiven, at: provider),
                        requiresManualIntervention: true)))
            meeting = nil
            ending = .failed
            state = .failed
        case .cleanup: state = ending == .cancelled ? .cancelled : .failed
        case .scheduled, .failed, .cancelled: break
        }
        turn.step.next = .settle
    }

    private mutating func cancel(_ turn: inout Turn) {
        guard state != .cancelled else { return turn.step.next = .settle }
        giveUp(as: .cancelled)
        // An open call belongs to a worker that will find its claim gone; what came of it is looked into by the next.
        turn.step.next = .wait(until: turn.now)
    }

    private mutating func giveUp(as ending: Ending) {
        if let meeting { strays.append(meeting.reference) }
        meeting = nil
        attempts = 0
        self.ending = ending
        state = .cleanup
    }
}
