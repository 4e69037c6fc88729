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

    private static let kindFields = SessionKind.allCases.flatMap { kind in
        kind.details.fields.map { optional($0.name, $0.schema, "\(kind.rawValue) only.") }
    }

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
            ] + SessionKind.allCases.flatMap { $0.details.fields }.map { optional($0.name, $0.shape) }))
}

extension DetailField {
    /// Of what may be sent.
    fileprivate var schema: Schema {
        switch form {
        case .choice(let choices): .enumeration(choices.map(\.value))
        case .line(let longest): .line(1...longest)
        case .lines(let longest, let most): .array(.line(1...longest), count: 0...most)
        }
    }

    /// Of what is shown.
    fileprivate var shape: Schema {
        switch form {
        case .choice(let choices): .enumeration(choices.map(\.value))
        case .line: .text
        case .lines(_, let most): .array(.text, count: 0...most)
        }
    }
}
