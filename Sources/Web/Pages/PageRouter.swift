import Access
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Logging
import Values

/// Turns the declared pages into routes: who may see a page is decided here, and nowhere else.
struct PageRouter: Sendable {
    let viewers: Viewers
    let formTokens: FormTokens
    let templates: PageTemplates

    func add(_ pages: [WebPage], to router: Router<AppContext>) {
        for page in pages {
            router.on(RouterPath(page.path), method: page.method) { request, context in
                try await answer(PageRequest(request: request, context: context), page).response(to: request)
            }
        }
    }

    private func answer(_ request: PageRequest, _ page: WebPage) async throws -> Reply {
        switch page.handler {
        case .open(let answer):
            if page.method != .get { try FormTokens.checkOrigin(of: request) }
            return try await answer(request)
        case .form(let posted, let handle):
            return try await submit(posted, request, handle)
        case .person(let look, let model):
            return try await show(look, request) { signedIn, visitor in
                guard !page.access.isForPlatform || signedIn.profile.superAdmin else { throw AccessError.forbidden }
                return try await model(request, signedIn, visitor)
            }
        case .member(let look, let model):
            return try await show(look, request) { signedIn, visitor in
                guard let visitor else { throw NoOrganization(signedIn: signedIn) }
                guard page.access.roles.contains(visitor.role) else { throw AccessError.forbidden }
                return try await model(request, visitor)
            }
        }
    }

    private func show(
        _ look: WebPage.Look, _ request: PageRequest, _ model: (SignedIn, Visitor?) async throws -> any Sendable
    ) async throws -> Reply {
        var signedIn: SignedIn?
        var visitor: Visitor?
        do {
            let person = try await viewers.signedIn(request)
            signedIn = person
            await viewers.touch(person)
            visitor = try await viewers.visitor(person, choosing: viewers.chosenOrganization(in: request))
            let model = try await model(person, visitor)
            return try templates.reply(
                look.template, title: (model as? any TitledPage)?.pageTitle ?? look.title, visitor: visitor,
                signedIn: person, model, images: look.images)
        } catch let error as NoOrganization {
            return try noOrganization(error.signedIn)
        } catch {
            return try refusal(error, request, signedIn, visitor)
        }
    }

    private func submit(
        _ posted: PostedForm, _ request: PageRequest, _ handle: (Form, SignedIn) async throws -> Reply
    ) async throws -> Reply {
        do {
            let signedIn = try await viewers.signedIn(request)
            let form = try await request.form()
            if let again = try await formTokens.askAgain(form, posted, request) { return again }
            return try await handle(form, signedIn)
        } catch {
            guard let signingIn = Self.wayToSignIn(error, next: "/week") else { throw error }
            return signingIn
        }
    }

    private func noOrganization(_ signedIn: SignedIn) throws -> Reply {
        try templates.reply(
            "organization/no-organization", title: "No organization", visitor: nil, signedIn: signedIn,
            NoOrganizationPage(email: signedIn.profile.email), status: .forbidden)
    }

    /// The way to sign in for those who have to, and else a page with the header of whoever looks at it.
    private func refusal(
        _ error: any Error, _ request: PageRequest, _ signedIn: SignedIn?, _ visitor: Visitor?
    ) throws -> Reply {
        if let signingIn = Self.wayToSignIn(error, next: request.request.uri.string) { return signingIn }
        let problem = Problem(error)
        if let cause = problem.cause {
            request.context.logger.error(
                "page failed", metadata: ["error": "\(cause)", "type": "\(type(of: cause))"])
        }
        let id = request.context.logger[metadataKey: "request_id"].map { "\($0)" }
        return try templates.refusal(ErrorPage(problem, requestID: id), visitor: visitor, signedIn: signedIn)
    }

    /// - Returns: `nil` for an error that signing in does not mend.
    private static func wayToSignIn(_ error: any Error, next: String) -> Reply? {
        guard Problem(error).status == .unauthorized else { return nil }
        let needsSecondFactor = error as? AccessError == .secondFactorRequired
        return .redirect(to: (needsSecondFactor ? "/sign-in/code" : "/sign-in").with("next", next))
    }
}

/// A page of an organization was asked for by somebody who is in none.
private struct NoOrganization: Error {
    let signedIn: SignedIn
}

/// For somebody whose account is in no organization, as that of a platform admin may be.
private struct NoOrganizationPage: Sendable {
    let email: String
}
