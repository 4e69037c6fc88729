import HTTPTypes
package import Hummingbird

/// Lets scripts of other sites read our answers (Fetch standard, CORS), where the operator names these sites; by default
/// there are none. Cookies are never let through: such a script brings a token of its own.
package struct CrossOrigin: RouterMiddleware {
    /// Such as `https://app.example`.
    private let origins: Set<String>

    package init(origins: Set<String>) {
        self.origins = origins
    }

    package func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        guard !origins.isEmpty, request.uri.path.hasPrefix("/api/") else { return try await next(request, context) }
        let origin = request.headers[.origin].flatMap { origins.contains($0) ? $0 : nil }
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response: Response
        if isPreflight, origin != nil {
            response =
                Reply.empty(
                    headers: [
                        .accessControlAllowMethods: "GET, POST, PUT, PATCH, DELETE",
                        .accessControlAllowHeaders:
                            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Organization-Id",
                        .accessControlMaxAge: "600",
                    ]
                ).response(to: request)
        } else {
            response = try await next(request, context)
        }
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        guard let origin else { return response }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = "Location, Retry-After, X-Request-Id"
        response.headers[HTTPField.Name("Cross-Origin-Resource-Policy")!] = "cross-origin"
        return response
    }
}
