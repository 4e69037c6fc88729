import Foundation
import HTTPTypes
package import Hummingbird
import Logging
import Metrics
import Values

/// Around every request: an id, one line in the log, one measurement, the headers that keep browsers careful, and the
/// one place where an error becomes an answer.
package struct RequestLog: RouterMiddleware {
    private let endpoints: [Endpoint]
    private let proxies: TrustedProxies
    private let limits: RequestLimits
    private let isSecure: Bool
    private let errorPage: @Sendable (Problem, _ requestID: String) -> Reply?

    /// - Parameters:
    ///   - isSecure: whether browsers reach us by https.
    ///   - errorPage: a problem as people are shown it.
    package init(
        endpoints: [Endpoint], proxies: TrustedProxies, limits: RequestLimits, isSecure: Bool,
        errorPage: @escaping @Sendable (Problem, _ requestID: String) -> Reply?
    ) {
        self.endpoints = endpoints
        self.proxies = proxies
        self.limits = limits
        self.isSecure = isSecure
        self.errorPage = errorPage
    }

    package func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        var context = context
        let id = Self.requestID(request)
        context.logger[metadataKey: "request_id"] = "\(id)"
        context.address = proxies.client(of: request.headers, peer: context.address)
        var response: Response
        do {
            if let wait = limits.wait(for: context.address) { throw Problem.tooMany(after: wait) }
            response = try await next(request, context)
        } catch {
            response = answer(to: error, request, context, id: id)
            if request.method == .head { response = response.createHeadResponse() }
        }
        for (name, value) in Self.securityHeaders where response.headers[name] == nil { response.headers[name] = value }
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        response.headers[Self.requestIDField] = id
        if request.method == .head { response = response.createHeadResponse() }
        report(request, context, response, took: .now - started)
        return response
    }

    private static let requestIDField = HTTPField.Name("X-Request-Id")!

    private static let securityHeaders: [(HTTPField.Name, String)] = [
        (.contentSecurityPolicy, ContentSecurityPolicy().text),
        (
            HTTPField.Name("Permissions-Policy")!,
            "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
        ),
        (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
        (.xContentTypeOptions, "nosniff"),
        (HTTPField.Name("Referrer-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"),
        (.cacheControl, "no-store"),
    ]

    /// The caller's own id, if it is one that may stand in a log; else a new one.
    private static func requestID(_ request: Request) -> String {
        if let given = request.headers[requestIDField], (1...64).contains(given.utf8.count),
            given.utf8.allSatisfy({
                ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x2D
            })
        {
            return given
        }
        return UUID().uuidString.lowercased()
    }

    private func answer(to error: any Error, _ request: Request, _ context: AppContext, id: String) -> Response {
        if let error = error as? HTTPError, error.status == .notFound {
            let allowed = allowedMethods(request.uri.path)
            guard allowed.isEmpty else {
                var reply = Reply.problem(
                    Problem(
                        status: .methodNotAllowed, code: "method_not_allowed", title: "Method not allowed",
                        detail: "This address takes \(allowed.map(\.rawValue).joined(separator: ", "))."))
                reply.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
                return reply.response(to: request)
            }
            return refusal(.notFound, request, id: id).response(to: request)
        }
        let problem = Problem(error)
        if let cause = problem.cause {
            context.logger.error("request failed", metadata: ["error": "\(cause)", "type": "\(type(of: cause))"])
        }
        return refusal(problem, request, id: id).response(to: request)
    }

    /// A page for people who look at pages, and a problem document for programs.
    private func refusal(_ problem: Problem, _ request: Request, id: String) -> Reply {
        let isForPeople =
            !request.uri.path.hasPrefix("/api/") && request.headers[.accept]?.contains("text/html") == true
        let page = isForPeople ? errorPage(problem, id) : nil
        return page ?? .problem(problem)
    }

    /// What the address takes, when it takes something.
    private func allowedMethods(_ path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        return endpoints.filter { endpoint in
            let pattern = endpoint.path.split(separator: "/")
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.flatMap { $0.method == .get ? [.get, .head] : [$0.method] }
    }

    private func report(_ request: Request, _ context: AppContext, _ response: Response, took duration: Duration) {
        let route = context.endpointPath ?? "unknown"
        let status = String(response.status.code)
        Metrics.Timer(
            label: "convene_http_request_duration_seconds",
            dimensions: [("method", request.method.rawValue), ("route", route), ("status", status)]
        ).recordNanoseconds(Int64(saturating: duration / .nanoseconds(1)))
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method)", "route": "\(route)", "status": "\(status)",
                "milliseconds": "\(Int(saturating: duration / .milliseconds(1)))",
            ])
    }
}
