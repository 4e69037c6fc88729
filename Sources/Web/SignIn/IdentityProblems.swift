import HTTPTypes
import Identity
import Values

// What people are told of the errors of Identity.

extension Problem {
    init(_ error: SignInError) {
        switch error {
        case .wrongCredentials:
            self.init(
                status: .unauthorized, code: "wrong_credentials", title: "Not signed in",
                detail: "The address or the password is not right. Check both and try again.")
        case .wrongCode:
            self.init(
                status: .unprocessableContent, code: "wrong_code", title: "Not the right code",
                detail: "Enter the code that the app shows now, or a recovery code that was not used yet.",
                errors: [FieldError(field: "code", message: "is not right, or was used before")])
        case .tooManyAttempts(let wait): self = .tooMany(after: wait)
        case .busy:
            self.init(
                status: .serviceUnavailable, code: "busy", title: "Busy",
                detail: "Many people are signing in just now. Nothing was counted; try again in a moment.",
                retryAfterSeconds: 2)
        case .linkGone:
            self.init(
                status: .notFound, code: "link_gone", title: "This link does not work any more",
                detail: "It was used before, or is too old. Ask for another one.")
        case .wrongPassword:
            self = .invalid([FieldError(field: "currentPassword", message: "is not your password")])
        case .noSuchThing: self = .notFound
        case .tooLongAgo:
            self = .invalid([FieldError(field: "currentPassword", message: "is required")])
        case .secondFactorState:
            self.init(
                status: .conflict, code: "invalid_state", title: "Not possible now",
                detail: "The second factor is on already, or was not begun. Reload the page and see.")
        }
    }

    static func tooMany(after wait: Duration) -> Problem {
        let seconds = max(1, wait.wholeSeconds)
        return Problem(
            status: .tooManyRequests, code: "too_many_attempts", title: "Too many attempts",
            detail: "Wait \(seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) minutes") and try again.",
            retryAfterSeconds: seconds)
    }

    init(_ error: JoiningError) {
        switch error {
        case .invitationGone:
            self.init(
                status: .notFound, code: "invitation_gone", title: "This invitation does not work any more",
                detail: "It was used, taken back or is too old. Ask whoever invited you for another one.")
        case .accountExists:
            self.init(
                status: .conflict, code: "account_exists", title: "There is an account already",
                detail: "The invited address has an account. Sign in to it, and open the invitation again.")
        case .forAnother:
            self.init(
                status: .forbidden, code: "invitation_for_another", title: "This invitation is for another address",
                detail: "Sign in with the account of the address that it was mailed to.")
        case .closed:
            self.init(
                status: .forbidden, code: "sign_up_closed", title: "By invitation only",
                detail: "Here only the platform's admins found organizations. Ask for an invitation.")
        }
    }

    init(_ error: OrganizationError) {
        switch error {
        case .slugTaken: self = .taken("slug")
        case .groupNameTaken: self = .taken("name")
        case .blankName: self = .invalid([FieldError(field: "name", message: "must not be blank")])
        case .lastAdmin:
            self.init(
                status: .conflict, code: "last_admin", title: "The last admin",
                detail: "An organization needs an admin. Make somebody else one first.")
        case .noSuccessor:
            self = .invalid([
                FieldError(field: "handOverTo", message: "must be an admin or counselor of this organization")
            ])
        case .noSuchThing: self = .notFound
        case .alreadyMember:
            self.init(
                status: .conflict, code: "already_member", title: "Already a member",
                detail: "They are in this organization already. Change their role in the list of members.")
        }
    }

    init(_ error: OpenIDError) {
        let isPassing = error.advice == .unavailable
        self.init(
            status: isPassing ? .serviceUnavailable : .conflict, code: error.advice.rawValue, title: "Not signed in",
            detail: error.advice.sentence, retryAfterSeconds: isPassing ? 60 : nil)
    }

    init(_ error: UnlinkError) {
        switch error {
        case .noSuchAccount: self = .notFound
        case .lastWayToSignIn:
            self.init(
                status: .conflict, code: "last_way_to_sign_in", title: "The last way to sign in",
                detail: "Without it you could not sign in any more. Set a password or link another account first.")
        }
    }

    private static func taken(_ field: String) -> Problem {
        Problem(
            status: .conflict, code: "already_taken", title: "Already taken",
            detail: "Another one has this \(field). Choose another.",
            errors: [FieldError(field: field, message: "is taken")])
    }
}
