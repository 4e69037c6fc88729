import Access
import Foundation
import HTTPTypes
import HummingbirdCore
import Identity
import Logging
import Values

/// One request to an endpoint, after its parameters and body were found to be as declared.
struct APIRequest: Sendable {
    let parameters: [String: JSONValue]
    let body: Data
    let headers: HTTPFields
    /// `nil` only where anyone may call.
    let principal: Principal?
    /// By cookie, and not by bearer token.
    let isFromPage: Bool
    let access: Endpoint.Access
    let organization: OrganizationID?
    /// Where the request comes from.
    let address: String?
    /// Who has the connection: the same, or a proxy.
    let peer: String?
    let logger: Logger
    /// For an answer that goes on for as long as the connection does: it tells when the caller has gone.
    let connection: RequestBody

    /// - Throws: a 422 problem, where the schema let through what the type does not take.
    func decode<Body: Decodable>(_ type: Body.Type = Body.self) throws -> Body {
        do {
            return try JSONDecoder.convene.decode(type, from: body)
        } catch DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context), DecodingError.keyNotFound(_, let context)
        {
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw Problem.invalid([FieldError(field: field, message: "is not what this endpoint takes")])
        }
    }

    func string(_ name: String) -> String? {
        if case .string(let text) = parameters[name] { text } else { nil }
    }

    func integer(_ name: String) -> Int? {
        if case .integer(let number) = parameters[name] { number } else { nil }
    }

    func boolean(_ name: String) -> Bool {
        parameters[name] == .bool(true)
    }

    func strings(_ name: String) -> [String] {
        guard case .array(let elements) = parameters[name] else { return [] }
        return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    func date(_ name: String) -> Date? { string(name).flatMap(RFC3339.date) }

    func value<Value: RawRepresentable>(_ name: String, as type: Value.Type = Value.self) -> Value?
    where Value.RawValue == String {
        string(name).flatMap(Value.init)
    }

    /// A path parameter that was declared as an id.
    func id<Owner>(_ name: String) throws -> ID<Owner> {
        guard let id = string(name).flatMap(ID<Owner>.init) else { throw Problem.notFound }
        return id
    }

    var limit: Int { integer("limit") ?? 50 }

    func cursor() throws -> Cursor? {
        guard let text = string("cursor") else { return nil }
        guard let cursor = Cursor(text) else {
            throw Problem.invalid([FieldError(field: "cursor", message: "is not a cursor that we gave out")])
        }
        return cursor
    }

    func signedIn() throws -> Principal {
        guard let principal else { throw Problem.notSignedIn }
        return principal
    }

    /// Where it comes from, for what is done before anybody is known.
    var origin: ClientInfo { ClientInfo(address: address, agent: headers[.userAgent]) }

    func person() throws -> Person { Person(try signedIn(), address: address) }

    /// The one who asks, with the roles that the endpoint declares.
    func actor() throws -> Actor {
        Actor(try person(), in: organization, roles: access.roles, isForPlatform: access.isForPlatform)
    }
}
