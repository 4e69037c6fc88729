import Foundation
import Sessions
import Values

/// The body of a booking, and what it means.
struct BookingRequest: Decodable {
    let kind: SessionKind
    let studentId: UserID?
    let studentIds: [UserID]?
    let mentorId: UserID?
    let counselorId: UserID?
    let title: String
    let description: String?
    let scheduledStartTime: Date
    let duration: Int
    let meetingProvider: ProviderName?

    /// - Throws: a 422 problem that names each field which its kind wants otherwise.
    static func booking(from call: Call, at now: Date) throws -> Booking {
        let request = try call.decode(BookingRequest.self)
        var errors: [FieldError] = []
        let students = request.students(&errors)
        let provider = request.provider(&errors)
        if request.scheduledStartTime <= now {
            errors.append(FieldError(field: "scheduledStartTime", message: "must be in the future"))
        } else if request.scheduledStartTime > now.advanced(by: .hours(24 * 731)) {
            errors.append(FieldError(field: "scheduledStartTime", message: "must be within two years"))
        }
        guard errors.isEmpty, let provider else { throw Problem.invalid(errors) }
        return Booking(
            details: try call.decode(request.kind.details), students: students, provider: provider,
            title: request.title, description: request.description,
            time: TimeRange(start: request.scheduledStartTime, duration: .minutes(request.duration)),
            meetingProvider: request.meetingProvider)
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
        let (wanted, other) = byMentor ? ("mentorId", "counselorId") : ("counselorId", "mentorId")
        let (provider, stranger) = byMentor ? (mentorId, counselorId) : (counselorId, mentorId)
        if stranger != nil { errors.append(FieldError(field: other, message: "does not belong to a \(kind.rawValue)")) }
        if provider == nil { errors.append(FieldError(field: wanted, message: "is required")) }
        return provider
    }
}

extension Call {
    fileprivate func decode(_ type: any SessionDetails.Type) throws -> any SessionDetails {
        func decode<Details: SessionDetails>(_ type: Details.Type) throws -> any SessionDetails {
            try self.decode(type)
        }
        return try decode(type)
    }
}
