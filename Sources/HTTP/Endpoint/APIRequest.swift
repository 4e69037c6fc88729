package import Access
package import Foundation
package import HTTPTypes
package import HummingbirdCore
package import Logging
package import Values

/// One request to an endpoint, after its parameters and body were found to be as declared.
package struct APIRequest: Sendable {
    package let parameters: [String: JSONValue]
    package internal(set) var body: Data
    package let headers: HTTPFields
    /// What tells this request from another one, where it creates something and has a key.
    var idempotent: IdempotentRequest?
    /// `nil` only where anyone may call.
    package let principal: Principal?
    /// By cookie, and not by bearer token.
    package let isFromPage: Bool
    package let access: Endpoint.Access
    package let organization: OrganizationID?
    /// Where the request comes from.
    package let address: String?
    /// Who has the connection: the same, or a proxy.
    package let peer: String?
    package let logger: Logger
    /// For an answer that goes on for as long as the connection does: it tells when the caller has gone.
    package let connection: RequestBody

    /// - Throws: a 422 problem, where the schema let through what the type does not take.
    package func decode<Body: Decodable>(_ type: Body.Type = Body.self) throws -> Body {
        do {
            return try JSONDecoder.convene.decode(type, from: body)
        } catch DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context), DecodingError.keyNotFound(_, let context)
        {
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw Problem.invalid([FieldError(field: field, message: "is not what this endpoint takes")])
        }
    }

    package func string(_ name: String) -> String? {
        if case .string(let text) = parameters[name] { text } else { nil }
    }

    package func integer(_ name: String) -> Int? {
        if case .integer(let number) = parameters[name] { number } else { nil }
    }

    package func boolean(_ name: String) -> Bool {
        parameters[name] == .bool(true)
    }

    package func strings(_ name: String) -> [String] {
        guard case .array(let elements) = parameters[name] else { return [] }
        return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    package func date(_ name: String) -> Date? { string(name).flatMap(RFC3339.date) }

    package func value<Value: RawRepresentable>(_ name: String, as type: Value.Type = Value.self) -> Value?
    where Value.RawValue == String {
        string(name).flatMap(Value.init)
    }

    /// A path parameter that was declared as an id.
    package func id<Owner>(_ name: String) throws -> ID<Owner> {
        guard let id = string(name).flatMap(ID<Owner>.init) else { throw Problem.notFound }
        return id
    }

    package var limit: Int { integer("limit") ?? 50 }

    package func cursor() throws -> Cursor? {
        guard let text = string("cursor") else { return nil }
        guard let cursor = Cursor(text) else {
            throw Problem.invalid([FieldError(field: "cursor", message: "is not a cursor that we gave out")])
        }
        return cursor
    }

    package func signedIn() throws -> Principal {
        guard let principal else { throw Problem.notSignedIn }
        return principal
    }

    package func person() throws -> Person { Person(try signedIn(), address: address) }

    /// The one who asks, with the roles that the endpoint declares.
    package func actor() throws -> Actor {
        Actor(try person(), in: organization, roles: access.roles, isForPlatform: access.isForPlatform)
    }
}
