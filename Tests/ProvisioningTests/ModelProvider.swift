import Foundation
import Meetings
import TestSupport
import Values

/// A provider that may refuse, be late, lose an answer or do the work after it was given up. A value, for histories.
struct ModelProvider {
    let reconciliation: Reconciliation
    /// It never cancels anything.
    let refusesCancels: Bool
    /// What can go wrong does, so many times in a hundred.
    let trouble: Int
    private(set) var meetings: [MeetingReference: String] = [:]
    private var late: [(at: Date, tag: String)] = []
    private var made = 0

    init(reconciliation: Reconciliation, refusesCancels: Bool, trouble: Int) {
        self.reconciliation = reconciliation
        self.refusesCancels = refusesCancels
        self.trouble = trouble
    }

    /// What was asked for long ago is done now.
    mutating func land(until now: Date) {
        for create in late where create.at <= now { _ = make(create.tag) }
        late.removeAll { $0.at <= now }
    }

    mutating func create(_ tag: String, at now: Date, _ random: inout SeededRandom) -> CreateOutcome {
        guard random.chance(trouble) else { return .created(make(tag)) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .refused(code: "no", reason: .answered(400, "no"))
        case 1...2:
            let waits: [Duration?] = [nil, .zero, .seconds(7), .minutes(20), .hours(24 * 365)]
            return .later(after: waits.randomElement(using: &random) ?? nil, reason: .answered(400, "busy"))
        case 3...5: _ = make(tag)
        case 6...7:
            late.append((now.advanced(by: .seconds(Int.random(in: 1...20_000, using: &random))), tag))
        default: break
        }
        return .unknown(reason: .answered(400, "lost"))
    }

    mutating func find(_ tag: String, _ random: inout SeededRandom) -> FindOutcome {
        if random.chance(trouble / 2) { return .unknown(reason: .answered(400, "lost")) }
        let found = meetings.filter { $0.value == tag }.keys.sorted { $0.id < $1.id }
        return found.isEmpty ? .absent : .found(found.map(ProvisionedMeeting.init))
    }

    mutating func cancel(_ meeting: MeetingReference, _ random: inout SeededRandom) -> ChangeOutcome {
        if refusesCancels { return .refused(code: "no", reason: .answered(400, "never")) }
        guard random.chance(trouble) else {
            meetings[meeting] = nil
            return .done
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .refused(code: "no", reason: .answered(400, "not now"))
        case 1: return .later(after: random.chance(50) ? nil : .hours(24 * 365), reason: .answered(400, "busy"))
        case 2: meetings[meeting] = nil
        default: break
        }
        return .unknown(reason: .answered(400, "lost"))
    }

    private mutating func make(_ tag: String) -> ProvisionedMeeting {
        if reconciliation == .keyed, let known = meetings.first(where: { $0.value == tag }) {
            return ProvisionedMeeting(known.key)
        }
        made += 1
        let reference = MeetingReference(id: "\(made)")
        meetings[reference] = tag
        return ProvisionedMeeting(reference)
    }
}
