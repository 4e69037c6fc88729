package import HTTP
import HTTPTypes
import Identity

extension JoiningError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .invitationGone:
            Problem(
                status: .notFound, code: "invitation_gone", title: "This invitation does not work any more",
                detail: "It was used, taken back or is too old. Ask whoever invited you for another one.")
        case .accountExists:
            Problem(
                status: .conflict, code: "account_exists", title: "There is an account already",
                detail: "The invited address has an account. Sign in to it, and open the invitation again.")
        case .forAnother:
            Problem(
                status: .forbidden, code: "invitation_for_another", title: "This invitation is for another address",
                detail: "Sign in with the account of the address that it is for.")
        case .closed:
            Problem(
                status: .forbidden, code: "sign_up_closed", title: "By invitation only",
                detail: "Here only the platform's admins found organizations. Ask for an invitation.")
        }
    }
}
