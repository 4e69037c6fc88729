package import HTTP
import HTTPTypes
import Identity
import Values

extension SignInError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .wrongCredentials:
            Problem(
                status: .unauthorized, code: "wrong_credentials", title: "Not signed in",
                detail: "The address or the password is not right. Check both and try again.")
        case .wrongCode:
            Problem(
                status: .unprocessableContent, code: "wrong_code", title: "Not the right code",
                detail: "Enter the code that the app shows now, or a recovery code that was not used yet.",
                errors: [FieldError(field: "code", message: "is not right, or was used before")])
        case .busy:
            Problem(
                status: .serviceUnavailable, code: "busy", title: "Busy",
                detail: "Many people are signing in just now. Nothing was counted; try again in a moment.",
                retryAfterSeconds: 2)
        case .linkGone:
            Problem(
                status: .notFound, code: "link_gone", title: "This link does not work any more",
                detail: "It was used before, or is too old. Ask for another one.")
        case .wrongPassword:
            .invalid([FieldError(field: "currentPassword", message: "is not your password")])
        case .noSuchThing: .notFound
        case .tooLongAgo:
            .invalid([FieldError(field: "currentPassword", message: "is required")])
        case .secondFactorState:
            Problem(
                status: .conflict, code: "invalid_state", title: "Not possible now",
                detail: "The second factor is on already, or was not begun. Reload the page and see.")
        }
    }
}

extension PasswordWeakness: ProblemConvertible {
    package var problem: Problem {
        Problem(
            status: .unprocessableContent, code: "weak_password", title: "The password is too weak",
            detail: advice, errors: [FieldError(field: "password", message: advice)])
    }
}

extension AccountMailerError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .unusableAddress:
            .invalid([FieldError(field: "email", message: "must be an address that mail can be sent to")])
        case .noMailServer:
            Problem(
                status: .conflict, code: "no_mail_server", title: "This server sends no email",
                detail: "No mail server is set up here. Sign in with your password, or ask whoever runs this server.")
        }
    }
}
