import Foundation
import HTTPTypes
import Values

/// The OpenAPI 3.1 document of a list of endpoints.
package struct OpenAPI {
    /// Declarations that cannot stand in one document.
    package enum Contradiction: Error, Equatable {
        /// Two schemas of this name have different contents.
        case schema(String)
        /// Two endpoints have this method and path.
        case operation(String)
    }

    /// Of the interface.
    private static let version = "0.1.0"

    private let endpoints: [Endpoint]
    private let operations: [String: [String: JSONValue]]
    private let schemas: NamedSchemas

    package init(_ endpoints: [Endpoint]) throws(Contradiction) {
        self.endpoints = endpoints
        schemas = try NamedSchemas(of: endpoints)
        var operations: [String: [String: JSONValue]] = [:]
        for endpoint in endpoints {
            let method = endpoint.method.rawValue.lowercased()
            guard operations[endpoint.path]?[method] == nil else {
                throw .operation("\(endpoint.method.rawValue) \(endpoint.path)")
            }
            operations[endpoint.path, default: [:]][method] = endpoint.operation
        }
        self.operations = operations
    }

    package var document: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Convene", "version": .string(Self.version),
                "description": .string(
                    "Books sessions, and gets everybody into the right meeting. Times are RFC 3339, in UTC; errors "
                        + "are problem documents (RFC 9457)."),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(operations.mapValues { .object($0) }),
            "components": [
                "securitySchemes": .object(securitySchemes), "schemas": .object(schemas.definitions),
            ],
        ]
    }

    private var securitySchemes: [String: JSONValue] {
        var schemes: [String: JSONValue] = [
            "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
            "cookie": ["type": "apiKey", "in": "cookie", "name": "convene"],
        ]
        for case .signature(let header, _) in endpoints.map(\.access) {
            schemes[header.rawName] = ["type": "apiKey", "in": "header", "name": .string(header.rawName)]
        }
        return schemes
    }

    /// Where the document is to be had.
    package static func endpoint(describing endpoints: [Endpoint]) throws -> Endpoint {
        let data = try JSONEncoder.convene.encode(try OpenAPI(endpoints).document)
        let document = FixedDocument(data, type: "application/json")
        return Endpoint(
            method: .get, path: "/openapi.json", summary: "This interface as an OpenAPI 3.1 document.",
            tag: "Operations", access: .anyone,
            responses: [
                .text(.ok, type: "application/json", "The document."),
                .empty(.notModified, "It is what If-None-Match names."),
            ]
        ) { request in document.reply(to: request.headers) }
    }
}

extension OpenAPI.Contradiction: CustomStringConvertible {
    package var description: String {
        switch self {
        case .schema(let name): "two schemas are named \(name), and differ: rename one of them"
        case .operation(let route): "two endpoints are declared for \(route)"
        }
    }
}
