import Access
import HTTP
import HTTPTypes
import Values

/// Everything there is to say about one page of the web app, or about a form that one sends, said once: the routing, who
/// may, and the authorization matrix read this declaration, as they read an ``Endpoint``.
struct WebPage: Sendable {
    let method: HTTPRequest.Method
    /// With `{name}` for each path parameter.
    let path: String
    let access: Endpoint.Access
    let handler: Handler

    enum Handler: Sendable {
        /// In an organization.
        case member(Look, @Sendable (PageRequest, Visitor) async throws -> any Sendable)
        /// About the person, whatever organization they are in, if any.
        case person(Look, @Sendable (PageRequest, SignedIn, Visitor?) async throws -> any Sendable)
        /// A form of somebody signed in, whose token was found to be theirs.
        case form(PostedForm, @Sendable (Form, SignedIn) async throws -> Reply)
        /// Finds out for itself who asks, where that matters: before anybody is signed in, or wholly so.
        case open(@Sendable (PageRequest) async throws -> Reply)
    }

    /// What a page's model is shown with.
    struct Look: Sendable {
        /// Unless the model has one of its own (``TitledPage``).
        let title: String
        /// Such as `week/week`.
        let template: String
        /// Where images may come from; `nil`: from where the organization's logo lies.
        let images: ContentSecurityPolicy.Images?
    }

    /// - Parameter model: makes what the template names: a struct.
    static func member(
        _ path: String, for access: Endpoint.Access = .member, title: String, template: String,
        images: ContentSecurityPolicy.Images? = nil,
        _ model: @escaping @Sendable (PageRequest, Visitor) async throws -> any Sendable
    ) -> WebPage {
        let look = Look(title: title, template: template, images: images)
        return WebPage(method: .get, path: path, access: access, handler: .member(look, model))
    }

    /// - Parameter model: makes what the template names: a struct.
    static func person(
        _ path: String, for access: Endpoint.Access = .person, title: String, template: String,
        _ model: @escaping @Sendable (PageRequest, SignedIn, Visitor?) async throws -> any Sendable
    ) -> WebPage {
        let look = Look(title: title, template: template, images: nil)
        return WebPage(method: .get, path: path, access: access, handler: .person(look, model))
    }

    static func form(
        _ form: PostedForm, _ handle: @escaping @Sendable (Form, SignedIn) async throws -> Reply
    ) -> WebPage {
        WebPage(method: .post, path: form.path, access: .person, handler: .form(form, handle))
    }

    /// - Parameter checksSignIn: whether `answer` sends those away who are not signed in, wholly or half.
    static func open(
        _ method: HTTPRequest.Method, _ path: String, checksSignIn: Bool = false,
        _ answer: @escaping @Sendable (PageRequest) async throws -> Reply
    ) -> WebPage {
        WebPage(method: method, path: path, access: checksSignIn ? .person : .anyone, handler: .open(answer))
    }
}

extension WebPage {
    /// What the authorization matrix is compared with.
    struct Summary: Encodable {
        let method: String, path: String
        /// `anyone`, `person`, or roles.
        let access: JSONValue
    }

    var summary: Summary {
        let access: JSONValue =
            switch access {
            case .anyone, .link, .signature: "anyone"
            case .person: "person"
            case .members, .platform, .adminsOrPlatform: .array(access.allRoles.map { .string($0.rawValue) })
            }
        return Summary(method: method.rawValue, path: path, access: access)
    }
}

/// A page whose title depends on what it shows.
protocol TitledPage: Sendable {
    var pageTitle: String { get }
}
