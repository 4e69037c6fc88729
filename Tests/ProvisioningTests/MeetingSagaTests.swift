import Foundation
import Meetings
import TestSupport
import Testing
import Values

@testable import Provisioning

/// The table of docs/decisions/0003, a sentence for each row.
@Suite struct MeetingSagaTests {
    private let start = Date(timeIntervalSince1970: 1_788_771_600)
    private let meeting = ProvisionedMeeting(MeetingReference(id: "81", host: "ada@example.test"))
    private let other = ProvisionedMeeting(MeetingReference(id: "82", host: "ada@example.test"))

    @Test func `a new saga writes its intent and creates`() throws {
        var saga = saga()
        let step = apply(.due, to: &saga)
        let call = try #require(saga.openCall)
        #expect(step.writes == [.intend(call)] && step.next == .call(.create))
    }

    @Test func `a meeting that was made is recorded and then backfilled`() throws {
        var saga = try saga(after: [.due])
        let call = try #require(saga.openCall)
        let step = apply(.created(.created(meeting)), to: &saga)
        #expect(step.writes == [.succeeded(call.id, meeting)] && step.next == .backfill(meeting))
        #expect(saga.state == .recorded)
        #expect(apply(.backfilled, to: &saga).next == .settle)
        #expect(saga.state == .scheduled)
    }

    @Test func `anyone who is told to come later waits 1, 4, 16 and then 60 seconds`() throws {
        var saga = try saga(after: [.due])
        for wait in [1, 4, 16, 60, 60] {
            let step = apply(.created(.later(after: nil, reason: .busy)), to: &saga)
            #expect(step.next == .wait(until: start.advanced(by: .seconds(wait))))
            #expect(saga.state == .meetingPending)
            _ = apply(.due, to: &saga)
        }
    }

    @Test(arguments: [(30, 30), (0, 1), (3_600, 900), (Int.max / 4, 900)])
    func `a provider's own wait is kept, up to the deadline`(asked: Int, waited: Int) throws {
        var saga = try saga(after: [.due])
        let step = apply(.created(.later(after: .seconds(asked), reason: .busy)), to: &saga)
        #expect(step.next == .wait(until: start.advanced(by: .seconds(waited))))
    }

    @Test func `jitter stretches a wait by a quarter at most`() throws {
        var saga = try saga(after: [.due])
        let step = saga.apply(
            .created(.later(after: .seconds(100), reason: .busy)), at: start, call: CallID(at: start), jitter: 1)
        #expect(step.next == .wait(until: start.advanced(by: .seconds(125))))
    }

    @Test func `a refusal releases, and there is nothing to clean up`() throws {
        var saga = try saga(after: [.due])
        let step = apply(.created(.refused(code: "no_host", reason: .refusal)), to: &saga)
        #expect(step.releases == ["no_host"] && step.next == .settle && saga.state == .failed)
    }

    @Test func `a failure has the provider's own code, and says what the provider said`() throws {
        var saga = try saga(after: [.due])
        let step = apply(.created(.refused(code: "no_host", reason: .refusal)), to: &saga)
        let failure = MeetingFailure(
            code: "no_host", reason: .meeting(.refused, at: .zoom, ["reason": .reason(.refusal)]),
            requiresManualIntervention: false)
        #expect(step.writes.contains(.release(failure)))
    }

    @Test(arguments: [MeetingSaga.Event.created(.unknown(reason: .reset)), .due])
    func `a lost answer of a keyed provider is asked for again with the same key`(lost: MeetingSaga.Event) throws {
        var saga = try saga(.keyed, after: [.due])
        let call = try #require(saga.openCall)
        let step = apply(lost, to: &saga)
        #expect(step.writes.contains(.lookAgainLater(call)))
        #expect(step.next == .wait(until: start.advanced(by: .seconds(1))) && saga.state == .meetingPending)
        #expect(apply(.due, to: &saga).next == .call(.create))
    }

    @Test(arguments: [MeetingSaga.Event.created(.unknown(reason: .reset)), .due])
    func `a lost answer of a searchable provider is looked for after 5 and 30 seconds`(lost: MeetingSaga.Event) throws {
        var saga = try saga(.searchable, after: [.due])
        let call = try #require(saga.openCall)
        let step = apply(lost, to: &saga)
        #expect(step.writes.contains(.lookAgainLater(call)))
        #expect(step.next == .wait(until: start.advanced(by: .seconds(5))) && saga.state == .reconcile)
        #expect(apply(.due, to: &saga).next == .call(.find))
        #expect(apply(.found(.absent), to: &saga).next == .wait(until: start.advanced(by: .seconds(25))))
        #expect(apply(.due, to: &saga).next == .call(.find))
        #expect(apply(.found(.absent), to: &saga).next == .call(.create))
        #expect(saga.state == .meetingPending)
    }

    @Test(arguments: [MeetingSaga.Event.created(.unknown(reason: .reset)), .due])
    func `a lost answer of a blind provider releases and is somebody's case`(lost: MeetingSaga.Event) throws {
        var saga = try saga(.blind, after: [.due])
        let step = apply(lost, to: &saga)
        #expect(step.releases == ["provider_answer_lost"] && step.cases == ["answer_lost"])
        #expect(step.next == .settle && saga.state == .failed)
    }

    @Test func `what was found is recorded, and a second one waits for the look that is planned`() throws {
        var saga = try saga(.searchable, after: [.due, .created(.unknown(reason: .reset)), .due])
        #expect(apply(.found(.found([meeting, other])), to: &saga).next == .backfill(meeting))
        #expect(saga.state == .recorded && saga.strays.isEmpty)
    }

    @Test func `a search that fails is no absence`() throws {
        var saga = try saga(.searchable, after: [.due, .created(.unknown(reason: .reset)), .due])
        for _ in 1...3 {
            guard case .wait = apply(.found(.unknown(reason: .reset)), to: &saga).next else {
                return #expect(Bool(false))
            }
            #expect(apply(.due, to: &saga).next == .call(.find))
        }
    }

    @Test func `a recorded meeting is backfilled again after a crash, and never created again`() throws {
        var saga = try saga(after: [.due, .created(.created(meeting))])
        for _ in 1...3 { #expect(apply(.due, to: &saga, after: .hours(5)).next == .backfill(meeting)) }
    }

    @Test func `a session that no longer waits has its meeting cancelled`() throws {
        var saga = try saga(after: [.due, .created(.created(meeting))])
        let step = apply(.backfillRefused, to: &saga)
        #expect(step.releases == [] && step.next == .call(.cancel(meeting.reference)))
        #expect(apply(.cancelAnswered(.done), to: &saga).next == .settle)
        #expect(saga.state == .cancelled)
    }

    @Test func `a meeting that may be another session's is a case and is not cancelled`() throws {
        var saga = try saga(after: [.due, .created(.created(meeting))])
        let step = apply(.backfillImpossible, to: &saga)
        #expect(step.releases == ["meeting_not_recorded"] && step.cases == ["meeting_not_recorded"])
        #expect(step.next == .settle && saga.state == .failed)
    }

    @Test(arguments: [Reconciliation.keyed, .searchable, .blind])
    func `after a quarter of an hour the time is given back`(reconciliation: Reconciliation) throws {
        var saga = try saga(reconciliation, after: [.due, .created(.later(after: nil, reason: .busy))])
        let step = apply(.due, to: &saga, after: .minutes(15))
        #expect(step.releases == ["provider_timeout"] && step.next == .settle && saga.state == .failed)
    }

    @Test func `looking ends at the deadline too`() throws {
        var saga = try saga(.searchable, after: [.due, .created(.unknown(reason: .reset)), .due])
        let nearly = Duration.minutes(15) - .seconds(3)
        #expect(apply(.found(.absent), to: &saga, after: nearly).next == .wait(until: saga.deadline))
        #expect(apply(.due, to: &saga, after: .minutes(15)).releases == ["provider_timeout"])
    }

    @Test func `a scheduled session that is cancelled has its meeting cancelled`() throws {
        var saga = try saga(after: [.due, .created(.created(meeting)), .backfilled])
        #expect(apply(.cancelAsked, to: &saga) == MeetingSaga.Step(next: .wait(until: start)))
        #expect(apply(.due, to: &saga).next == .call(.cancel(meeting.reference)))
        #expect(apply(.cancelAnswered(.gone), to: &saga).next == .settle)
        #expect(saga.state == .cancelled)
    }

    @Test func `a cancel that comes while the meeting is being made takes away what was made`() throws {
        var saga = try saga(after: [.due, .cancelAsked])
        #expect(apply(.created(.created(meeting)), to: &saga).next == .call(.cancel(meeting.reference)))
    }

    @Test(arguments: [Reconciliation.keyed, .searchable])
    func `a cancel whose worker died with a create open is looked into later`(reconciliation: Reconciliation) throws {
        var saga = try saga(reconciliation, after: [.due])
        let call = try #require(saga.openCall)
        _ = apply(.cancelAsked, to: &saga)
        let step = apply(.due, to: &saga)
        #expect(step.writes.contains(.lookAgainLater(call)) && step.next == .settle && saga.state == .cancelled)
    }

    @Test func `a cancel is tried eight times and is then somebody's case`() throws {
        var saga = try saga(after: [.due, .created(.created(meeting)), .backfilled, .cancelAsked, .due])
        for wait in [1, 4, 16, 64, 256, 1_024, 3_600] {
            let step = apply(.cancelAnswered(.refused(code: "no", reason: .refusal)), to: &saga)
            #expect(step.next == .wait(until: start.advanced(by: .seconds(wait))) && step.cases == [])
            _ = apply(.due, to: &saga)
        }
        let step = apply(.cancelAnswered(.unknown(reason: .reset)), to: &saga)
        #expect(step.cases == ["cancel_failed"] && step.next == .settle && saga.state == .cancelled)
    }

    @Test func `a provider's wait of years is a day`() throws {
        var saga = try saga(after: [.due, .created(.created(meeting)), .backfilled, .cancelAsked, .due])
        let step = apply(.cancelAnswered(.later(after: .seconds(Int.max / 4), reason: .busy)), to: &saga)
        #expect(step.next == .wait(until: start.advanced(by: .hours(24))))
    }

    @Test(arguments: [
        MeetingSaga.Event.due, .created(.unknown(reason: .reset)), .found(.absent), .cancelAnswered(.done),
    ])
    func `what is settled stays so`(event: MeetingSaga.Event) throws {
        for end in [
            [.due, .created(.created(meeting)), .backfilled], [.due, .created(.refused(code: "no", reason: .refusal))],
            [.cancelAsked, .due],
        ] as [[MeetingSaga.Event]] {
            let settled = try saga(after: end)
            var saga = settled
            #expect(apply(event, to: &saga) == MeetingSaga.Step(next: .settle))
            #expect(saga == settled)
        }
    }

    @Test func `a saga reads itself as it was written`() throws {
        let saga = try saga(after: [.due, .created(.created(meeting)), .backfilled, .cancelAsked, .due])
        let document = try JSONEncoder.convene.encode(saga)
        #expect(try JSONDecoder.convene.decode(MeetingSaga.self, from: document) == saga)
    }

    private func saga(_ reconciliation: Reconciliation = .searchable) -> MeetingSaga {
        MeetingSaga(provider: .zoom, reconciliation: reconciliation, generation: 1, at: start)
    }

    private func saga(
        _ reconciliation: Reconciliation = .searchable, after events: [MeetingSaga.Event]
    ) throws -> MeetingSaga {
        var saga = saga(reconciliation)
        for event in events { _ = apply(event, to: &saga) }
        return saga
    }

    private func apply(
        _ event: MeetingSaga.Event, to saga: inout MeetingSaga, after wait: Duration = .zero
    ) -> MeetingSaga.Step {
        let now = start.advanced(by: wait)
        return saga.apply(event, at: now, call: CallID(at: now), jitter: 0)
    }
}

extension MeetingSaga.Step {
    /// The codes of the failures that it releases with.
    fileprivate var releases: [String] {
        writes.compactMap { if case .release(let failure) = $0 { failure.code } else { nil } }
    }

    fileprivate var cases: [String] {
        writes.compactMap { if case .openCase(let reason, _) = $0 { reason.code } else { nil } }
    }
}

extension Explanation {
    fileprivate static let busy = answered(429, "Too many requests.")
    fileprivate static let refusal = answered(400, "Who?")
    fileprivate static let reset = answered(500, nil)
}
