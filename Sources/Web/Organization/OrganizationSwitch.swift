import HTTP
import HTTPTypes
import Identity
import Values

/// Which of somebody's organizations the pages show.
struct OrganizationSwitch: Sendable {
    let viewers: Viewers

    private static let form = PostedForm(
        path: "/organization/switch", action: "Switch", fields: ["organization", "next"])

    /// 404 for an organization that is not the person's to enter.
    var pages: [WebPage] {
        [
            .form(Self.form) { form, signedIn in
                guard let wanted = form["organization"].flatMap({ OrganizationID($0) }),
                    try await viewers.visitor(signedIn, choosing: wanted)?.organization.id == wanted
                else { throw Problem.notFound }
                return .redirect(
                    to: SignInPage.next(form["next"]), headers: [.setCookie: viewers.cookie(choosing: wanted)])
            }
        ]
    }
}
