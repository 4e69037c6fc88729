import Foundation
import Values

/// Stands in for a provider that cannot be asked: everything is refused, for one reason, and surely not done.
struct RefusingProvider: MeetingProvider {
    let name: ProviderName
    let reconciliation: Reconciliation
    let code: String
    let reason: Explanation

    func create(_ request: MeetingRequest) async -> CreateOutcome { .refused(code: code, reason: reason) }
    func find(_ request: MeetingRequest) async -> FindOutcome { .unknown(reason: reason) }
    func update(_ meeting: MeetingReference, to request: MeetingRequest) async -> ChangeOutcome {
        .refused(code: code, reason: reason)
    }
    func cancel(_ meeting: MeetingReference) async -> ChangeOutcome { .refused(code: code, reason: reason) }
    func check() async -> AccountCheck { .refused(reason) }
}
