package import Foundation
import HTTPTypes
package import Hummingbird
import Logging

/// Keeps other sites' forms out where the browser does not say by `Sec-Fetch-Site` whose a form is, as it does not over
/// plain http: what changes something and comes from a page must come from one of ours. Else a site could sign its
/// visitors in as somebody else.
package struct ForeignForms: RouterMiddleware {
    /// How browsers reach us, where it is said.
    private let publicURL: URL?

    package init(publicURL: URL?) {
        self.publicURL = publicURL
    }

    package func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        if !request.method.isSafe, !request.uri.path.hasPrefix("/api/"),
            request.headers[HTTPField.Name("Sec-Fetch-Site")!] == nil, let origin = request.headers[.origin],
            !isOurs(origin, host: request.head.authority)
        {
            context.logger.notice(
                "a form from elsewhere was refused; if it is ours, CONVENE_PUBLIC_URL must be how browsers reach us")
            throw Problem(
                status: .forbidden, code: "csrf", title: "Not from our page",
                detail: "Open the page here and try again.")
        }
        return try await next(request, context)
    }

    /// - Parameter origin: `scheme://host` with the port where it is not the scheme's own; or `null`, which is nobody.
    /// - Parameter host: which host the request was sent to, as the client says.
    private func isOurs(_ origin: String, host: String?) -> Bool {
        if let publicURL, let ours = Origin(publicURL), let theirs = URL(string: origin).flatMap(Origin.init) {
            if ours == theirs { return true }
        }
        return host.map { origin == "http://\($0)" || origin == "https://\($0)" } ?? false
    }

    /// RFC 6454.
    private struct Origin: Equatable {
        let scheme: String, host: String, port: Int

        init?(_ url: URL) {
            guard let scheme = url.scheme?.lowercased(), let host = url.host()?.lowercased() else { return nil }
            self.scheme = scheme
            self.host = host
            port = url.port ?? (scheme == "https" ? 443 : 80)
        }
    }
}
