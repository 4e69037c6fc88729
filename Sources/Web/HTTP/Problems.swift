import Access
import Branding
import Calendars
import Foundation
import HTTPTypes
import Hummingbird
import Identity
import Meetings
import Provisioning
import Sessions
import Values

extension Problem {
    /// What a person is told of an error. Whatever is not named here is ours to mend: it is logged and told to nobody.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as AccessError: self.init(error)
        case let error as BookingError: self.init(error)
        case is NoSuchIntervention: self = .notFound
        case let error as DatabaseFailure: self.init(error)
        case let error as BrandingError: self.init(error)
        case let error as StaleVersion: self.init(error)
        case let error as PreferencesError: self = .invalid([error.field])
        case let error as SignInError: self.init(error)
        case let error as JoiningError: self.init(error)
        case let error as OrganizationError: self.init(error)
        case let error as OpenIDError: self.init(error)
        case let error as UnlinkError: self.init(error)
        case let error as ProviderAccountError: self.init(error)
        case AccountMailerError.unusableAddress:
            self = .invalid([FieldError(field: "email", message: "must be an address that mail can be sent to")])
        case let error as Availability.UnknownParticipants:
            self = .invalid(
                error.people.map {
                    FieldError(field: "users", message: "has nobody of this organization with the id \($0)")
                })
        case let weakness as PasswordWeakness:
            self.init(
                status: .unprocessableContent, code: "weak_password", title: "The password is too weak",
                detail: weakness.advice, errors: [FieldError(field: "password", message: weakness.advice)])
        case let error as any HTTPResponseError where error.status == .contentTooLarge:
            self.init(
                status: .contentTooLarge, code: "too_large", title: "Too large",
                detail: "The body is larger than this endpoint takes.")
        case let error as HTTPError where error.status.code < 500:
            self.init(
                status: error.status, code: "bad_request", title: error.status.reasonPhrase,
                detail: error.body ?? "The request could not be read.")
        default:
            self.init(
                status: .internalServerError, code: "internal", title: "Something went wrong",
                detail: "This is our mistake, and it has been recorded. Trying again may help.", cause: error)
        }
    }

    private init(_ error: AccessError) {
        switch error {
        case .signedOut: self = .notSignedIn
        case .secondFactorRequired:
            self.init(
                status: .unauthorized, code: "second_factor_required", title: "One more step",
                detail: "Enter the code of your authenticator app, or a recovery code.")
        case .notAMember: self = .notFound
        case .organizationRequired:
            self.init(
                status: .unprocessableContent, code: "organization_required", title: "Which organization?",
                detail: "You are in several organizations: name one in the header X-Organization-Id.",
                errors: [FieldError(field: "X-Organization-Id", message: "is required")])
        case .forbidden:
            self.init(
                status: .forbidden, code: "forbidden", title: "Not allowed",
                detail: "Your role in this organization does not allow this. An admin can change that.")
        }
    }

    static let notSignedIn = Problem(
        status: .unauthorized, code: "not_signed_in", title: "Not signed in",
        detail: "Sign in and try again.")

    private init(_ error: DatabaseFailure) {
        switch error {
        case .unavailable:
            self.init(
                status: .serviceUnavailable, code: "unavailable", title: "Busy",
                detail: "The database cannot take this now. Nothing was done; try again in a moment.",
                retryAfterSeconds: 1)
        case .outcomeUnknown:
            self.init(
                status: .serviceUnavailable, code: "outcome_unknown", title: "Connection lost",
                detail: "We do not know whether this was done. With an Idempotency-Key it is safe to send it again.",
                retryAfterSeconds: 1)
        }
    }

    private init(_ error: ProviderAccountError) {
        switch error {
        case .secretRequired(let field):
            self = .invalid([FieldError(field: field, message: "is required, since none is stored yet")])
        case .notSet(let name):
            self.init(
                status: .notFound, code: "provider_not_set", title: "No account of its own",
                detail: "This organization has no account of its own at \(name.label). Enter one first.")
        }
    }

    private init(_ error: BookingError) {
        switch error {
        case .timeTaken(let conflicts, let alternatives):
            self.init(
                status: .conflict, code: "slot_conflict", title: "This time is taken",
                detail: alternatives.isEmpty
                    ? "Somebody is booked then. Choose another time."
                    : "Somebody is booked then. Choose one of the alternatives or another time.",
                extra: [
                    "conflicts": .array(conflicts.map { .range($0.start, $0.end, of: $0.userId) }),
                    "alternatives": .array(alternatives.map { .range($0.start, $0.end) }),
                ])
        case .notEnoughUnits:
            self.init(
                status: .conflict, code: "insufficient_units", title: "Not enough units",
                detail: "A student's contract has fewer units left than this session takes. Choose a shorter "
                    + "session, or extend the contract.")
        case .strangers(let people):
            self = .invalid(
                people.map {
                    FieldError(field: "people", message: "has nobody in the needed role with the id \($0)")
                })
        case .providerUnavailable(let name):
            self = .invalid([
                FieldError(field: "meetingProvider", message: "\(name.label) is not set up for this organization")
            ])
        case .keyReused:
            self.init(
                status: .unprocessableContent, code: "idempotency_key_reused", title: "Key already used",
                detail: "This Idempotency-Key was sent with another request. Use a new key for a new request.",
                errors: [FieldError(field: "Idempotency-Key", message: "was used for another request")])
        case .wrongState(let status):
            self.init(
                status: .conflict, code: "invalid_state", title: "Not possible now",
                detail: "The session is \(status.rawValue.replacing("_", with: " ")), or is just changing. "
                    + "Reload it and see.")
        case .timePassed:
            self.init(
                status: .conflict, code: "invalid_state", title: "Its time has passed",
                detail: "The session would have begun already. Book a new one.")
        case .isOver:
            self.init(
                status: .conflict, code: "invalid_state", title: "The session is over",
                detail: "Its time has passed, so it cannot be cancelled any more.")
        case .noSuchSession: self = .notFound
        }
    }
}

extension JSONValue {
    fileprivate static func range(_ start: Date, _ end: Date, of user: UserID? = nil) -> JSONValue {
        var members: [String: JSONValue] = [
            "start": .string(RFC3339.text(from: start)), "end": .string(RFC3339.text(from: end)),
        ]
        if let user { members["userId"] = .string(user.description) }
        return .object(members)
    }
}
