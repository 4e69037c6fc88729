package import HTTP
import HTTPTypes
import Identity

extension OrganizationError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .slugTaken: .taken("slug")
        case .groupNameTaken: .taken("name")
        case .blankName: .invalid([FieldError(field: "name", message: "must not be blank")])
        case .lastAdmin:
            Problem(
                status: .conflict, code: "last_admin", title: "The last admin",
                detail: "An organization needs an admin. Make somebody else one first.")
        case .noSuccessor:
            .invalid([
                FieldError(field: "handOverTo", message: "must be an admin or counselor of this organization")
            ])
        case .noSuchThing: .notFound
        case .alreadyMember:
            Problem(
                status: .conflict, code: "already_member", title: "Already a member",
                detail: "They are in this organization already. Change their role in the list of members.")
        }
    }
}

extension Problem {
    fileprivate static func taken(_ field: String) -> Problem {
        Problem(
            status: .conflict, code: "already_taken", title: "Already taken",
            detail: "Another one has this \(field). Choose another.",
            errors: [FieldError(field: field, message: "is taken")])
    }
}
