package import HTTP
import HTTPTypes
import Meetings
import Sessions
import Values

extension ProviderAccountError: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .secretRequired(let field):
            .invalid([FieldError(field: field, message: "is required, since none is stored yet")])
        case .notSet(let name):
            Problem(
                status: .notFound, code: "provider_not_set", title: "No account of its own",
                detail: "This organization has no account of its own at \(name.label). Enter one first.")
        }
    }
}
