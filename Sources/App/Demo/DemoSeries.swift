import Sessions
import Values

/// Sessions of a demo that are held at the same time of each week, or of every other one.
struct DemoSeries: Sendable {
    /// Of one week after the other, and then again.
    let titles: [String]
    let kind: SessionKind
    /// The kind's own fields, as a request to book has them.
    var fields = "{}"
    var description: String?
    /// People by the first part of their address.
    let host: String, students: [String]
    var counselor = "counselor"
    /// 0: Monday.
    let weekday: Int
    /// By the host's clock.
    let hour: Int, minute: Int
    let minutes: Int
    let provider: ProviderName
    var rhythm = Rhythm.weekly
    var turn: Turn?

    /// Weeks are counted from the one of the first start, which is 0.
    enum Rhythm: Sendable { case weekly, evenWeeks, oddWeeks }

    /// What befalls one session of the series in place of being held.
    enum Turn: Sendable {
        /// The next one is cancelled a day before the demo begins.
        case nextCancelled
        /// The next one got no meeting: the host had as many as Zoom allows in a day.
        case nextRefused
        /// The same of the last one.
        case lastRefused
        /// Nobody knows whether the next one has a meeting: the provider's answer was lost.
        case nextUnknown
    }
}

extension DemoSeries {
    /// Chosen so that it is day for everybody who takes part, in winter and in summer, north and south.
    static let all: [DemoSeries] = [
        DemoSeries(
            titles: ["Goals for the term", "Check-in", "Choosing courses", "Check-in", "Letters of recommendation"],
            kind: .commSession, host: "counselor", students: ["student"], weekday: 0, hour: 11, minute: 0, minutes: 30,
            provider: .zoom),
        DemoSeries(
            titles: [
                "Mock interview", "Interview debrief", "Case practice", "Behavioral questions", "Final rehearsal",
            ],
            kind: .regularMentoring, fields: #"{"sessionType":"interview_prep"}"#,
            description: "Bring the job posting, and the three questions you like least.",
            host: "mentor2", students: ["student2"], weekday: 0, hour: 16, minute: 0,
            minutes: 60, provider: .zoom),
        DemoSeries(
            titles: ["Portfolio review", "Reading a data sheet", "Portfolio review", "Lab report clinic"],
            kind: .regularMentoring, host: "mentor", students: ["student3"], weekday: 0, hour: 18, minute: 0,
            minutes: 60, provider: .feishu),
        DemoSeries(
            titles: [
                "Statement of purpose", "Graduate school shortlist", "Statement of purpose", "Talking to professors",
            ],
            kind: .regularMentoring, fields: #"{"sessionType":"career_planning"}"#,
            description: "We go through the draft paragraph by paragraph.",
            host: "mentor", students: ["student"], weekday: 1, hour: 17, minute: 0, minutes: 60, provider: .zoom),
        DemoSeries(
            titles: ["From notebook to report", "Reviewing a pull request"], kind: .regularMentoring, host: "mentor4",
            students: ["student5"], weekday: 1, hour: 15, minute: 30, minutes: 60, provider: .feishu,
            turn: .nextUnknown),
        DemoSeries(
            titles: ["Résumé, first pass", "Résumé, second pass", "Cover letter", "Résumé, last pass"],
            kind: .regularMentoring, fields: #"{"sessionType":"resume_review"}"#, host: "mentor3",
            students: ["student4"], counselor: "counselor2", weekday: 1, hour: 10, minute: 0, minutes: 45,
            provider: .zoom, turn: .nextCancelled),
        DemoSeries(
            titles: ["Where you stand: analytics", "Progress since last time"], kind: .gapAnalysis,
            fields: #"{"analysisFocus":"skills","currentLevel":"Junior analyst","targetLevel":"Analyst"}"#,
            host: "mentor2", students: ["student6"], weekday: 2, hour: 10, minute: 0, minutes: 90, provider: .zoom,
            rhythm: .evenWeeks),
        DemoSeries(
            titles: ["Case interviews in a group"], kind: .classSession,
            description: "Two cases, four chairs. Read the first page of the handout before we start.",
            host: "mentor2", students: ["student", "student2", "student6", "student7"], weekday: 2, hour: 15,
            minute: 30, minutes: 90, provider: .zoom),
        DemoSeries(
            titles: ["Visa and housing", "Check-in"], kind: .commSession, host: "counselor2", students: ["student4"],
            counselor: "counselor2", weekday: 2, hour: 17, minute: 0, minutes: 30, provider: .zoom, rhythm: .oddWeeks),
        DemoSeries(
            titles: ["Data workshop: joins", "Data workshop: charts", "Data workshop: stories"], kind: .classSession,
            host: "mentor4", students: ["student3", "student5", "student8"], weekday: 3, hour: 12, minute: 30,
            minutes: 120, provider: .feishu),
        DemoSeries(
            titles: ["Gap analysis: product roles"], kind: .gapAnalysis,
            fields: #"{"analysisFocus":"career","currentLevel":"Support","targetLevel":"Product manager"}"#,
            host: "mentor", students: ["student8"], weekday: 2, hour: 16, minute: 0, minutes: 45, provider: .feishu,
            rhythm: .oddWeeks),
        DemoSeries(
            titles: ["Scholarship deadlines"], kind: .commSession, host: "counselor", students: ["student7"],
            weekday: 3, hour: 13, minute: 0, minutes: 45, provider: .zoom, rhythm: .evenWeeks, turn: .nextCancelled),
        DemoSeries(
            titles: ["AI tools for job search", "Prompts that hold up", "A small agent of your own"], kind: .aiCareer,
            fields: #"{"aiTopics":["Prompts","Agents","Portfolio"]}"#, host: "mentor3", students: ["student2"],
            counselor: "counselor2", weekday: 3, hour: 9, minute: 0, minutes: 45, provider: .zoom, turn: .nextRefused),
        DemoSeries(
            titles: ["Check-in"], kind: .commSession, host: "counselor", students: ["student6"], weekday: 4, hour: 11,
            minute: 30, minutes: 30, provider: .zoom, rhythm: .oddWeeks),
        DemoSeries(
            titles: ["Essay feedback", "Reading strategies", "Essay feedback"], kind: .regularMentoring,
            host: "mentor4", students: ["student"], weekday: 4, hour: 14, minute: 30, minutes: 45, provider: .zoom),
        DemoSeries(
            titles: ["Careers in robotics", "Reading a job market report"], kind: .aiCareer,
            fields: #"{"aiTopics":["Robotics"]}"#, host: "mentor", students: ["student3"], weekday: 4, hour: 17,
            minute: 0, minutes: 60, provider: .zoom, rhythm: .evenWeeks),
        DemoSeries(
            titles: ["Finding your first client", "Pricing your work"], kind: .aiCareer,
            fields: #"{"aiTopics":["Freelancing","Pricing"]}"#, host: "mentor3", students: ["student7"], weekday: 4,
            hour: 10, minute: 0, minutes: 60, provider: .zoom,
            turn: .lastRefused),
    ]

    /// Who may be in a session while the demo begins, whatever the hour: it is always day for one of these pairs.
    static let pairsByDay: [(host: String, student: String)] = [
        ("mentor2", "student6"), ("mentor4", "student5"), ("mentor", "student3"), ("mentor3", "student4"),
        ("mentor3", "student2"), ("mentor2", "student7"), ("mentor", "student8"), ("mentor4", "student"),
    ]
}
