package import Meetings
package import Values

/// A provider that does as it is told, and otherwise what it is asked.
package actor ScriptedProvider: MeetingProvider {
    package enum Response {
        case refuse
        case later(Duration)
        /// The answer is lost; the meeting is made or not.
        case lose(made: Bool)
        /// Says nothing until the call is broken off.
        case hang
    }

    package nonisolated let name: ProviderName
    package nonisolated let reconciliation: Reconciliation
    package private(set) var meetings: [MeetingReference: String] = [:]
    package private(set) var creates = 0
    package private(set) var cancels = 0
    private var answers: [Response] = []
    private var refusedCancels = 0
    private var meanwhile: (@Sendable () async throws -> Void)?
    private var made = 0
    private nonisolated let asked = AsyncStream<Void>.makeStream()

    package init(_ reconciliation: Reconciliation) {
        name = reconciliation == .blind ? .feishu : .zoom
        self.reconciliation = reconciliation
    }

    /// Returns when somebody is waiting for an answer that does not come.
    package nonisolated func hangs() async { for await _ in asked.stream {} }

    /// What the next creates are answered.
    package func willAnswer(_ answers: Response...) { self.answers += answers }

    package func willRefuseCancels(_ count: Int) { refusedCancels = count }

    /// Done while the next create is on its way, after the meeting was made.
    package func meanwhile(_ work: @escaping @Sendable () async throws -> Void) { meanwhile = work }

    package var references: [MeetingReference] { meetings.keys.sorted { $0.id < $1.id } }

    /// A create that was given up long ago, done now.
    @discardableResult
    package func land(_ tag: String) -> ProvisionedMeeting {
        made += 1
        let reference = MeetingReference(id: "\(900_000 + made)", host: "mentor@example.test")
        meetings[reference] = tag
        return ProvisionedMeeting(reference)
    }

    package func create(_ request: MeetingRequest) async -> CreateOutcome {
        creates += 1
        switch answers.isEmpty ? nil : answers.removeFirst() {
        case .refuse: return .refused(code: "not_allowed", reason: .answered(400, "The host may not hold meetings."))
        case .later(let wait): return .later(after: wait, reason: .answered(400, "Too many requests."))
        case .lose(let made):
            if made { land(request.tag) }
            return .unknown(reason: .answered(400, "The connection was reset."))
        case .hang:
            asked.continuation.finish()
            let (never, continuation) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            continuation.finish()
            return .unknown(reason: .answered(400, "The call was broken off."))
        case nil: break
        }
        let meeting = land(request.tag)
        if let work = meanwhile {
            meanwhile = nil
            do { try await work() } catch { return .refused(code: "test", reason: .answered(400, "\(error)")) }
        }
        return .created(meeting)
    }

    package func find(_ request: MeetingRequest) -> FindOutcome {
        let found = references.filter { meetings[$0] == request.tag }
        return found.isEmpty ? .absent : .found(found.map(ProvisionedMeeting.init))
    }

    package func update(_ meeting: MeetingReference, to request: MeetingRequest) -> ChangeOutcome { .done }

    package func check() -> AccountCheck { .ok(Explanation(AccountCheck.Code.zoomWorks)) }

    package func cancel(_ meeting: MeetingReference) -> ChangeOutcome {
        cancels += 1
        if refusedCancels > 0 {
            refusedCancels -= 1
            return .refused(code: "not_allowed", reason: .answered(400, "The host has left."))
        }
        return meetings.removeValue(forKey: meeting) == nil ? .gone : .done
    }
}

extension ProvisionedMeeting {
    package init(_ reference: MeetingReference) {
        self.init(
            reference: reference, number: reference.id, joinURL: "https://meet.example/\(reference.id)", passcode: nil)
    }
}
