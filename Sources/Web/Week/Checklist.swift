import Access
import Meetings
import Sessions
import Values

/// What is still to be done before an organization's first session, above the week until it is booked.
struct Checklist: Sendable {
    struct Step: Sendable {
        let title: String, hint: String, isDone: Bool
        /// Where it is done, and what the button there is called; `nil` once it is done, or while it has to wait.
        var href: String?, action: String?
        /// The first of those that can be done now.
        var isNext = false
    }

    let steps: [Step]
    let doneCount: Int, count: Int
    /// Whether there are several, with a heading of their own.
    let isList: Bool

    /// - Returns: `nil` once everything is done, and for everybody whose part it is not: a platform admin is a guest here.
    init?(_ progress: FirstSteps, providers: [ProviderName], role: Role) {
        let booking = Self.booking(progress, hasVideo: !providers.isEmpty)
        var steps: [Step]
        switch role {
        case .admin:
            steps = [Self.video(providers), Self.mentors(progress.mentors), Self.students(progress.students), booking]
        case .counselor: steps = [booking]
        case .superAdmin, .mentor, .student: return nil
        }
        guard !steps.allSatisfy(\.isDone) else { return nil }
        if let next = steps.firstIndex(where: { $0.href != nil }) { steps[next].isNext = true }
        self.steps = steps
        doneCount = steps.filter(\.isDone).count
        count = steps.count
        isList = steps.count > 1
    }

    private static func video(_ providers: [ProviderName]) -> Step {
        guard let first = providers.first else {
            return Step(
                title: "Connect a video service", hint: "Sessions meet there: at Zoom or Feishu.", isDone: false,
                href: "/organization/providers", action: "Connect")
        }
        return Step(title: "Connect a video service", hint: "Sessions can meet at \(first.label).", isDone: true)
    }

    private static func mentors(_ people: FirstSteps.People) -> Step {
        inviting("mentors", people, nobody: "They give the sessions.")
    }

    private static func students(_ people: FirstSteps.People) -> Step {
        inviting("students", people, nobody: "The sessions are for them.")
    }

    private static func inviting(_ whom: String, _ people: FirstSteps.People, nobody: String) -> Step {
        let title = "Invite \(whom)"
        return switch people {
        case .none: Step(title: title, hint: nobody, isDone: false, href: "/organization/members", action: "Invite")
        case .invited: Step(title: title, hint: "Invited. They can be booked once they have joined.", isDone: true)
        case .joined: Step(title: title, hint: "They can be booked.", isDone: true)
        }
    }

    private static func booking(_ progress: FirstSteps, hasVideo: Bool) -> Step {
        let title = "Book the first session"
        if progress.hasBooked { return Step(title: title, hint: "Booked.", isDone: true) }
        guard hasVideo, progress.students == .joined else {
            let missing = [
                hasVideo ? nil : "a video service is connected",
                progress.students == .joined ? nil : "a student has joined",
            ].compactMap(\.self).joined(separator: " and ")
            return Step(title: title, hint: "Possible once \(missing).", isDone: false)
        }
        let hint =
            progress.mentors == .joined
            ? "Choose the people and a time that suits them all."
            : "Communication with a counselor can be booked now; the other kinds need a mentor."
        return Step(title: title, hint: hint, isDone: false, href: "/book", action: "Book")
    }
}
