import Access
import HTTP
import Sessions
import Values

// How sessions look on the wire. Kept beside the routes that speak them; the types themselves are the context's.
extension Schema {
    static let conflict = Schema.named(
        "Conflict", .object([required("userId", .id), required("start", .time), required("end", .time)]))

    static let slot = Schema.named("Slot", .object([required("start", .time), required("end", .time)]))

    /// Minutes.
    static let sessionLength = Schema.integer(30...180)

    static let booking = Schema.named(
        "Booking",
        .object(
            [
                required("kind", .enumeration(of: SessionKind.self)),
                optional("studentId", .id, "Whom it is for; a class has studentIds in its place."),
                optional("studentIds", .array(.id, count: 1...100), "A class's students, each once."),
                optional("mentorId", .id, "Who gives it; a comm_session has counselorId in its place."),
                optional("counselorId", .id),
                required("title", .line(1...255), "One line."),
                optional("description", .nullable(.prose(0...5000))),
                required("scheduledStartTime", .time, "In the future, and within two years."),
                required("duration", sessionLength, "Minutes."),
                optional(
                    "meetingProvider", .enumeration(of: ProviderName.self), "The organization's own, if not said."),
            ] + kindFields))

    private static let kindFields: [Property] = [
        optional("sessionType", .enumeration(of: RegularMentoring.Focus.self), "regular_mentoring only."),
        optional("analysisFocus", .enumeration(of: GapAnalysis.Focus.self), "gap_analysis only."),
        optional("currentLevel", .line(1...50), "gap_analysis only."),
        optional("targetLevel", .line(1...50), "gap_analysis only."),
        optional("aiTopics", .array(.line(1...100), count: 0...20), "ai_career only."),
    ]

    static let bookedSession = Schema.named("BookedSession", .object(commonSessionFields))

    private static let commonSessionFields: [Property] = [
        required("sessionId", .id),
        required("kind", .enumeration(of: SessionKind.self)),
        required("status", .enumeration(of: SessionStatus.self)),
        optional("studentId", .id), optional("studentIds", .array(.id, count: 0...100)),
        optional("mentorId", .id), optional("counselorId", .id),
        required("title", .text),
        required("scheduledAt", .time),
        required("duration", sessionLength, "Minutes."),
        required("meetingProvider", .enumeration(of: ProviderName.self)),
        required("createdAt", .time),
    ]

    static let session = Schema.named(
        "Session",
        .object(
            commonSessionFields + [
                optional("description", .text),
                required("createdBy", .id), required("updatedAt", .time),
                optional("meetingUrl", .text, "While it is scheduled, as are the number and the passcode."),
                optional("meetingNo", .text), optional("passcode", .text),
                optional(
                    "failure",
                    .object([
                        required("code", .text), required("detail", .text),
                        required("requiresManualIntervention", .boolean),
                    ]), "Why it has no meeting, when it failed to get one."),
                optional("live", .boolean, "true while people are in the meeting."),
                required(
                    "people",
                    .array(
                        .object([
                            required("userId", .id), required("name", .text),
                            required("role", .enumeration(of: Role.self)), required("timeZone", .text),
                        ]), count: 0...200)),
                optional("sessionType", .enumeration(of: RegularMentoring.Focus.self)),
                optional("analysisFocus", .enumeration(of: GapAnalysis.Focus.self)),
                optional("currentLevel", .text), optional("targetLevel", .text),
                optional("aiTopics", .array(.text, count: 0...20)),
            ]))
}
