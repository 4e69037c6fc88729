import Access
import Foundation
import HTTP
import Sessions
import Values

/// The body of a booking, and what it means.
struct BookingRequest: Decodable {
    let kind: SessionKind
    let studentId: UserID?
    let studentIds: [UserID]?
    let mentorId: UserID?
    let counselorId: UserID?
    let title: Line
    let description: Prose?
    let scheduledStartTime: Date
    let duration: Int
    let meetingProvider: ProviderName?

    /// - Throws: a 422 problem that names each field which its kind wants otherwise.
    static func booking(from request: APIRequest, at now: Date) throws -> Booking {
        let body = try request.decode(BookingRequest.self)
        var errors: [FieldError] = []
        let students = body.students(&errors)
        let provider = body.provider(&errors)
        if let provider, students.contains(provider) {
            errors.append(
                FieldError(
                    field: Booking.studentField(of: provider, among: students, in: body.kind),
                    message: "must be somebody other than who gives the session"))
        }
        if body.scheduledStartTime <= now {
            errors.append(FieldError(field: "scheduledStartTime", message: "must be in the future"))
        } else if body.scheduledStartTime > now.advanced(by: .hours(24 * 731)) {
            errors.append(FieldError(field: "scheduledStartTime", message: "must be within two years"))
        }
        errors += try request.decode(Fields.self).strangers(to: body.kind)
        guard errors.isEmpty, let provider else { throw Problem.invalid(errors) }
        return Booking(
            details: try request.decode(body.kind.details), students: students, provider: provider,
            title: body.title.text, description: body.description?.text,
            time: TimeRange(start: body.scheduledStartTime, duration: .minutes(body.duration)),
            meetingProvider: body.meetingProvider)
    }

    /// Which of the kinds' own fields somebody filled in.
    private struct Fields: Decodable {
        private let names: [String]

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Name.self)
            names = try fields.allKeys.filter { try !fields.decodeNil(forKey: $0) }.map(\.stringValue)
        }

        /// Those that another kind has and this one lacks: what is not kept is not taken.
        func strangers(to kind: SessionKind) -> [FieldError] {
            let others = Set(SessionKind.allCases.flatMap { $0.details.fields.map(\.name) })
                .subtracting(kind.details.fields.map(\.name))
            return names.filter(others.contains).sorted().map {
                FieldError(field: $0, message: "does not belong to a \(kind.rawValue)")
            }
        }
    }

    private func students(_ errors: inout [FieldError]) -> [UserID] {
        if kind.hasRoster {
            if studentId != nil { errors.append(FieldError(field: "studentId", message: "is studentIds for a class")) }
            guard let studentIds else {
                errors.append(FieldError(field: "studentIds", message: "is required for a class"))
                return []
            }
            if Set(studentIds).count < studentIds.count {
                errors.append(FieldError(field: "studentIds", message: "must name each student once"))
            }
            return studentIds
        }
        if studentIds != nil { errors.append(FieldError(field: "studentIds", message: "is for classes only")) }
        guard let studentId else {
            errors.append(FieldError(field: "studentId", message: "is required"))
            return []
        }
        return [studentId]
    }

    private func provider(_ errors: inout [FieldError]) -> UserID? {
        let byMentor = kind.providerRole == .mentor
        let wanted = Booking.providerField(in: kind)
        let other = byMentor ? "counselorId" : "mentorId"
        let (provider, stranger) = byMentor ? (mentorId, counselorId) : (counselorId, mentorId)
        if stranger != nil { errors.append(FieldError(field: other, message: "does not belong to a \(kind.rawValue)")) }
        if provider == nil { errors.append(FieldError(field: wanted, message: "is required")) }
        return provider
    }
}

extension Booking {
    /// Names the fields by which a request named `strangers`.
    func problem(of strangers: [UserID]) -> Problem {
        let role = kind.providerRole.rawValue
        return .invalid(
            strangers.map { person in
                person == provider
                    ? FieldError(field: Self.providerField(in: kind), message: "is no \(role) of this organization")
                    : FieldError(
                        field: Self.studentField(of: person, among: students, in: kind),
                        message: "is no student of this organization")
            })
    }

    fileprivate static func providerField(in kind: SessionKind) -> String {
        kind.providerRole == .mentor ? "mentorId" : "counselorId"
    }

    fileprivate static func studentField(of student: UserID, among students: [UserID], in kind: SessionKind) -> String {
        guard kind.hasRoster else { return "studentId" }
        return students.firstIndex(of: student).map { "studentIds[\($0)]" } ?? "studentIds"
    }
}
