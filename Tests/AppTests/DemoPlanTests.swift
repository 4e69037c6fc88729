import Access
import Foundation
import Sessions
import Testing
import Values

@testable import App

/// The sessions of a demo, whenever it is started first.
@Suite struct DemoPlanTests {
    /// Every fifth hour of a week, and so each hour of the day, in winter, in summer, and around the days on which clocks
    /// change in the north and in the south.
    private static let plans: [DemoPlan] = [
        "2026-01-05T00:10:00Z", "2026-03-30T00:10:00Z", "2026-07-06T00:10:00Z", "2026-09-28T00:10:00Z",
        "2026-10-26T00:10:00Z",
    ].compactMap { RFC3339.date(from: $0) }.flatMap { monday in
        stride(from: 0, to: 168, by: 5).map { DemoPlan(beginningAt: monday.advanced(by: .hours($0))) }
    }

    @Test func `it is day for everybody in every session`() {
        for plan in Self.plans {
            for session in plan.sessions {
                #expect(session.isByDay, "\(session.title) at \(session.start), seen from \(plan.begin)")
            }
        }
    }

    @Test func `nobody is in two sessions at once`() {
        for plan in Self.plans {
            let (begin, sessions) = (plan.begin, plan.sessions)
            for (number, one) in sessions.enumerated() {
                for other in sessions[(number + 1)...] where one.time.overlaps(other.time) {
                    #expect(
                        one.people.isDisjoint(with: other.people), "\(one.title), \(other.title), seen from \(begin)")
                }
            }
        }
    }

    @Test func `somebody is in a session while the demo begins`() {
        for plan in Self.plans {
            let now = TimeRange(start: plan.begin, duration: .seconds(1))
            #expect(plan.sessions.contains { $0.time.overlaps(now) }, "\(plan.begin)")
        }
    }

    @Test func `there is every kind, and every outcome, on both sides of today`() {
        for plan in Self.plans {
            let (begin, sessions) = (plan.begin, plan.sessions)
            for side in [sessions.filter { $0.start < begin }, sessions.filter { $0.start >= begin }] {
                #expect(Set(side.map(\.series.kind)) == Set(SessionKind.allCases), "\(begin)")
                #expect(side.count { $0.outcome == .scheduled } > 15, "\(begin)")
                #expect(side.contains { $0.outcome == .refused }, "\(begin)")
            }
            #expect(sessions.contains { $0.outcome == .cancelled && $0.start > begin }, "\(begin)")
            #expect(sessions.contains { $0.outcome == .unknown && $0.start > begin }, "\(begin)")
            #expect(sessions.allSatisfy { $0.bookedAt < begin && $0.bookedAt < $0.start }, "\(begin)")
        }
    }

    @Test func `no student needs more hours than they have bought, and each has some left`() {
        for plan in Self.plans {
            var hours: [String: [SessionKind: Double]] = [:]
            for session in plan.sessions where session.series.kind.isBillable {
                for student in session.series.students {
                    hours[student, default: [:]][session.series.kind, default: 0] += Double(session.series.minutes) / 60
                }
            }
            for (student, used) in hours {
                for (kind, used) in used {
                    let bought = DemoContract.halfYear.hours[kind] ?? 0
                    #expect(used < Double(bought), "\(student) needs \(used) h of \(kind), seen from \(plan.begin)")
                }
            }
        }
    }

    @Test func `everybody of the organization is in a session, and everybody in a session is of the organization`() {
        let busy = Self.plans[0].sessions.reduce(into: Set<String>()) { $0.formUnion($1.people) }
        let people = DemoCompany.northlight.people.filter { $0.role != .admin }.map(\.local)

        #expect(busy == Set(people))
    }
}
