import Branding
import Foundation
import HTTP
import HTTPTypes
import Identity
import Mustache

/// The Mustache templates, by feature as in `week/week`, and the frame that every page stands in.
struct PageTemplates: Sendable {
    /// Where the assets are.
    let assets: String
    /// Whether every page leads to the mails of a demo.
    let hasDemoMails: Bool
    private let library: MustacheLibrary

    /// - Throws: when a template cannot be read or parsed.
    init(assets: String, hasDemoMails: Bool = false) async throws {
        library = try await MustacheLibrary(directory: Resources.folder.path(percentEncoded: false))
        self.assets = assets
        self.hasDemoMails = hasDemoMails
    }

    /// - Parameter signedIn: for those who are in no organization.
    /// - Parameter content: a struct whose properties the template names; `nil` leaves a section out, and an empty
    ///   string does not.
    /// - Parameter images: where they may come from; `nil`: from where the organization's logo lies.
    func reply(
        _ template: String, title: String, visitor: Visitor?, signedIn: SignedIn? = nil, _ content: Any,
        status: Reply.Status = .ok, images: ContentSecurityPolicy.Images? = nil
    ) throws -> Reply {
        let frame = PageFrame(
            title: title, assets: assets, hasDemoMails: hasDemoMails, visitor: visitor,
            signedIn: signedIn ?? visitor?.signedIn)
        guard let html = library.render(Framed(frame: frame, content: content), withTemplate: template) else {
            throw CocoaError(.fileNoSuchFile)
        }
        let logo = visitor?.branding.logo.map { ContentSecurityPolicy.Images.from($0.origin) }
        return .raw(
            html.utf8, type: "text/html; charset=utf-8", status: status,
            headers: [.contentSecurityPolicy: ContentSecurityPolicy(images: images ?? logo ?? .none).text])
    }

    /// The page in place of one that cannot be shown, with its header for anyone who is signed in.
    func refusal(_ page: ErrorPage, visitor: Visitor? = nil, signedIn: SignedIn? = nil) throws -> Reply {
        try reply(
            "shared/error", title: page.heading, visitor: visitor, signedIn: signedIn, page,
            status: .init(code: page.status))
    }
}

/// A page's own values, and under them those of the frame.
private struct Framed: MustacheParent {
    let frame: PageFrame
    let content: Any

    func child(named name: String) -> Any? {
        Self.property(name, of: content) ?? Self.property(name, of: frame)
    }

    private static func property(_ name: String, of value: Any) -> Any? {
        guard let child = Mirror(reflecting: value).children.first(where: { $0.label == name })?.value else {
            return nil
        }
        let mirror = Mirror(reflecting: child)
        return mirror.displayStyle == .optional ? mirror.children.first?.value : child
    }
}
