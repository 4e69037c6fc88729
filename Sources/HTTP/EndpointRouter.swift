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
    /// Bytes of a body.
    static let largestBody = 1 << 20

    package init(authentication: Authentication, limits: RequestLimits) {
        self.authentication = authentication
        self.limits = limits
    }

    package func add(_ endpoints: [Endpoint], to router: Router<AppContext>) {
        for endpoint in endpoints {
            router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
                try await answer(request, context, endpoint).response
            }
        }
    }

    private func answer(_ request: Request, _ context: AppContext, _ endpoint: Endpoint) async throws -> Reply {
        let caller = endpoint.access == .anyone ? nil : try await authentication.caller(of: request)
        if endpoint.access != .anyone, caller == nil { throw Problem.notSignedIn }
        if let caller {
            try authentication.checkScope(of: endpoint, by: caller)
            if let wait = limits.wait(for: context.address, asking: caller.principal.user) {
                throw Problem.tooMany(after: wait)
            }
        }
        if let caller, !endpoint.method.isSafe {
            try authentication.checkForgery(request.headers[Authentication.formTokenField], by: caller)
        }
        let (parameters, wrong) = try read(endpoint.parameters + endpoint.impliedParameters, of: request, context)
        let body = try await read(endpoint.body, of: request, wrong: wrong)
        let call = APIRequest(
            parameters: parameters, body: body, headers: request.headers, principal: caller?.principal,
            isFromPage: caller?.isFromPage ?? false, access: endpoint.access,
            organization: Self.organization(in: parameters), address: context.address,
            peer: context.peer, logger: context.logger, connection: request.body)
        return try await endpoint.handle(call)
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
            let text: String? =
                switch parameter.place {
                case .path: context.parameters.get(parameter.name)?.removingPercentEncoding
                case .query: request.uri.queryParameters[Substring(parameter.name)].map(String.init)
                case .header: HTTPField.Name(parameter.name).flatMap { request.headers[$0] }
                }
            guard let text else {
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

    /// - Throws: 415 and 400 for what is not JSON, 422 for what is not as declared, with `wrong` before it.
    private func read(_ schema: Schema?, of request: Request, wrong: [FieldError]) async throws -> Data {
        guard let schema else {
            if !wrong.isEmpty { throw Problem.invalid(wrong) }
            return Data()
        }
        guard request.isJSON else {
            throw Problem(
                status: .unsupportedMediaType, code: "unsupported_media_type", title: "Not JSON",
                detail: "Send the body as application/json.")
        }
        let buffer = try await request.wholeBody(upTo: Self.largestBody)
        let (value, faults) = try Self.read([UInt8](buffer.readableBytesView), as: schema)
        let errors = wrong + faults + schema.errors(in: value)
        if !errors.isEmpty { throw Problem.invalid(errors) }
        return Data(buffer.readableBytesView)
    }

    private static func read(_ bytes: [UInt8], as schema: Schema) throws -> (JSONValue, [FieldError]) {
        do {
            return try JSONReader.read(bytes, as: schema)
        } catch .tooDeep {
            throw Problem(
                status: .badRequest, code: "malformed_json", title: "Nested too deeply",
                detail: "No field takes more than \(JSONReader.deepest) arrays and objects in each other.")
        } catch .malformed {
            throw Problem(
                status: .badRequest, code: "malformed_json", title: "Not JSON",
                detail: "The body is not a JSON document. Check quotes, commas and the encoding (UTF-8).")
        }
    }
}

extension Request {
    /// Whether the body is said to be JSON, with or without parameters such as a charset.
    fileprivate var isJSON: Bool {
        let type = headers[.contentType]?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
        return type?.lowercased() == "application/json"
    }
}

extension Endpoint {
    /// What every endpoint of an organization takes without saying so.
    var impliedParameters: [Parameter] {
        access.roles.isEmpty || path.contains("{organizationId}") ? [] : [.organization]
    }
}

extension HTTPRequest.Method {
    /// RFC 9110, 9.2.1.
    var isSafe: Bool { self == .get || self == .head || self == .options }
}

/// What Hummingbird carries along with a request of ours.
package struct AppContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Where the request comes from, as far as our proxies can be believed.
    package var address: String?
    /// Who has the connection.
    let peer: String?

    package init(source: Source) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress
        address = peer
    }
}
