import Access
import Foundation
import HTTPTypes
package import Hummingbird
import Logging
import Values

/// Turns declarations into routes: every request passes authorization and validation here, and nowhere else.
package struct EndpointRouter: Sendable {
    private let authentication: Authentication
    private let limits: RequestLimits
    private let firstResponses: any ResponseStore

    package init(authentication: Authentication, limits: RequestLimits, firstResponses: any ResponseStore) {
        self.authentication = authentication
        self.limits = limits
        self.firstResponses = firstResponses
    }

    package func add(_ endpoints: [Endpoint], to router: Router<AppContext>) {
        for endpoint in endpoints {
            router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
                try await answer(request, context, endpoint).response(to: request)
            }
        }
    }

    private func answer(_ request: Request, _ context: AppContext, _ endpoint: Endpoint) async throws -> Reply {
        let caller = try await self.caller(of: request, context, endpoint)
        let (parameters, wrong) = try read(endpoint.parameters + endpoint.impliedParameters, of: request, context)
        var apiRequest = APIRequest(
            parameters: parameters, body: Data(), headers: request.headers, principal: caller?.principal,
            isFromPage: caller?.isFromPage ?? false, access: endpoint.access,
            organization: Self.organization(in: parameters), address: context.address,
            peer: context.peer, logger: context.logger, connection: request.body)
        if case .link(let opens) = endpoint.access, try await !opens(apiRequest) { throw Problem.notFound }
        let bytes = try await endpoint.body?.bytes(of: request)
        if case .signature(_, let isGenuine) = endpoint.access {
            apiRequest.body = bytes.map { Data($0.readableBytesView) } ?? Data()
            guard try await isGenuine(apiRequest) else { throw Problem.notSigned }
        }
        var errors = wrong
        if let body = endpoint.body, let bytes {
            let (data, faults) = try body.validated(bytes)
            apiRequest.body = data
            errors += faults
        }
        guard errors.isEmpty else { throw Problem.invalid(errors) }
        apiRequest.idempotent = try IdempotentRequest(apiRequest, to: endpoint)
        do {
            return try await endpoint.handle(apiRequest)
        } catch {
            guard let first = try await firstResponse(to: apiRequest) else { throw error }
            return first
        }
    }

    /// Whatever went wrong, the request may have been done before.
    /// - Returns: `nil` when it was not, as far as can be known.
    private func firstResponse(to apiRequest: APIRequest) async throws -> Reply? {
        guard let request = apiRequest.idempotent else { return nil }
        switch try? await firstResponses.first(to: request, of: apiRequest) {
        case .toTheSame(let response): return Reply(response)
        case .toAnotherRequest: throw Problem.idempotencyKeyReused
        case nil: return nil
        }
    }

    /// - Returns: `nil` where nobody has to sign in.
    private func caller(
        of request: Request, _ context: AppContext, _ endpoint: Endpoint
    ) async throws -> Authentication.Caller? {
        guard endpoint.access.needsSignIn else { return nil }
        guard let caller = try await authentication.caller(of: request) else { throw Problem.notSignedIn }
        try authentication.checkScope(of: endpoint, by: caller)
        if let wait = limits.wait(for: context.address, asking: caller.principal.user) {
            throw Problem.tooMany(after: wait)
        }
        if !endpoint.method.isSafe {
            try authentication.checkForgery(request.headers[Authentication.formTokenField], by: caller)
        }
        return caller
    }

    private static func organization(in parameters: [String: JSONValue]) -> OrganizationID? {
        for name in [
            "organizationId", Endpoint.Parameter.organization.name, Endpoint.Parameter.streamOrganization.name,
        ] {
            if case .string(let text) = parameters[name] { return OrganizationID(text) }
        }
        return nil
    }

    /// - Throws: 404 where the path holds what cannot be an id: nothing is there.
    private func read(
        _ declared: [Endpoint.Parameter], of request: Request, _ context: AppContext
    ) throws -> ([String: JSONValue], [FieldError]) {
        var found: [String: JSONValue] = [:]
        var wrong: [FieldError] = []
        for parameter in declared {
            let texts =
                switch parameter.place {
                case .path: context.parameters.get(parameter.name)?.removingPercentEncoding.map { [$0] } ?? []
                case .query: request.uri.queryParameters[Substring(parameter.name)].map { [String($0)] } ?? []
                case .header: HTTPField.Name(parameter.name).map { request.headers[values: $0] } ?? []
                }
            if texts.count > 1 {
                wrong.append(FieldError(field: parameter.name, message: "must be sent once"))
                continue
            }
            guard let text = texts.first else {
                if parameter.place == .path { throw Problem.notFound }
                if parameter.isRequired { wrong.append(FieldError(field: parameter.name, message: "is required")) }
                continue
            }
            let value = parameter.schema.value(fromText: text)
            let errors = parameter.schema.errors(in: value, at: parameter.name)
            if parameter.place == .path, !errors.isEmpty { throw Problem.notFound }
            if errors.isEmpty { found[parameter.name] = value } else { wrong += errors }
        }
        return (found, wrong)
    }
}
