import Access
import Foundation
import HTTPTypes
import Values

/// The OpenAPI 3.1 document of a list of endpoints.
package struct OpenAPI {
    private let endpoints: [Endpoint]
    private let problem: Schema
    private let version = "0.1.0"

    package init(_ endpoints: [Endpoint]) {
        self.endpoints = endpoints
        problem = .problem(with: endpoints.flatMap(\.problemMembers))
    }

    package var document: JSONValue {
        var paths: [String: JSONValue] = [:]
        for (path, endpoints) in Dictionary(grouping: endpoints, by: \.path) {
            paths[path] = .object(
                Dictionary(
                    uniqueKeysWithValues: endpoints.map { ($0.method.rawValue.lowercased(), operation($0)) }))
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Convene", "version": .string(version),
                "description": .string(
                    "Books sessions, and gets everybody into the right meeting. Times are RFC 3339, in UTC; errors "
                        + "are problem documents (RFC 9457)."),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
                    "cookie": ["type": "apiKey", "in": "cookie", "name": "convene"],
                ],
                "schemas": .object(named),
            ],
        ]
    }

    private func operation(_ endpoint: Endpoint) -> JSONValue {
        var operation: [String: JSONValue] = [
            "summary": .string(endpoint.summary),
            "operationId": .string(endpoint.operationID),
            "tags": [.string(endpoint.tag)],
            "responses": .object(responses(endpoint)),
        ]
        let parameters = endpoint.parameters + endpoint.impliedParameters
        if !parameters.isEmpty { operation["parameters"] = .array(parameters.map(\.document)) }
        if let body = endpoint.body {
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": body.reference]],
            ]
        }
        switch endpoint.access {
        case .anyone: operation["security"] = []
        case .person: operation["security"] = [["bearer": []], ["cookie": []]]
        case .members, .platform, .adminsOrPlatform:
            operation["security"] = [["bearer": []], ["cookie": []]]
            if let scope = endpoint.scope { operation["x-scope"] = .string(scope) }
            operation["x-roles"] = .array(endpoint.access.allRoles.map { .string($0.rawValue) })
        }
        return .object(operation)
    }

    private func responses(_ endpoint: Endpoint) -> [String: JSONValue] {
        var responses: [String: JSONValue] = [:]
        for answer in endpoint.responses {
            var response: [String: JSONValue] = ["description": .string(answer.note)]
            switch answer.content {
            case .json(let schema): response["content"] = ["application/json": ["schema": schema.reference]]
            case .text(let type): response["content"] = .object([type: ["schema": ["type": "string"]]])
            case nil: break
            }
            responses[String(answer.status.code)] = .object(response)
        }
        for status in endpoint.problems + endpoint.impliedProblems {
            responses[String(status.code)] = [
                "description": .string(status.reasonPhrase),
                "content": ["application/problem+json": ["schema": problem.reference]],
            ]
        }
        return responses
    }

    private var named: [String: JSONValue] {
        var named: [String: JSONValue] = [:]
        func collect(_ schema: Schema) {
            switch schema {
            case .named(let name, let inner):
                named[name] = inner.definition
                collect(inner)
            case .nullable(let inner), .array(let inner, _): collect(inner)
            case .object(let properties): properties.forEach { collect($0.schema) }
            case .string, .line, .prose, .enumeration, .pattern, .timeZone, .id, .email, .time, .integer, .number,
                .boolean, .members:
                break
            }
        }
        collect(problem)
        for endpoint in endpoints {
            if let body = endpoint.body { collect(body) }
            for case .json(let schema)? in endpoint.responses.map(\.content) { collect(schema) }
        }
        return named
    }
}

extension Endpoint {
    fileprivate var operationID: String {
        let words = path.split(whereSeparator: { "/{}.-".contains($0) }).filter { $0 != "api" }
        return method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    fileprivate var impliedProblems: [HTTPResponse.Status] {
        // However often an address may ask, it may ask too often.
        var implied: [HTTPResponse.Status] = [.tooManyRequests]
        if access != .anyone { implied += [.unauthorized, .serviceUnavailable] }
        if !access.allRoles.isEmpty { implied += [.forbidden, .notFound, .unprocessableContent] }
        if access != .anyone, !method.isSafe { implied.append(.forbidden) }
        if parameters.contains(where: { $0.place == .path }) { implied.append(.notFound) }
        if parameters.contains(where: { $0.place != .path }) { implied.append(.unprocessableContent) }
        if body != nil {
            implied += [
                .badRequest, .requestTimeout, .contentTooLarge, .unsupportedMediaType, .unprocessableContent,
                .serviceUnavailable,
            ]
        }
        return implied
    }
}

extension Endpoint.Parameter {
    fileprivate var document: JSONValue {
        var document: [String: JSONValue] = [
            "name": .string(name), "in": .string(place.rawValue), "required": .bool(isRequired),
            "description": .string(note), "schema": schema.definition,
        ]
        if case .array = schema {
            document["style"] = "form"
            document["explode"] = false
        }
        return .object(document)
    }
}

extension Schema {
    /// A name where it has one, else the whole.
    fileprivate var reference: JSONValue {
        if case .named(let name, _) = self { ["$ref": .string("#/components/schemas/\(name)")] } else { definition }
    }

    fileprivate var definition: JSONValue {
        switch self {
        case .string(let minimum, let maximum): Self.definition(ofText: minimum...maximum)
        case .line(let lengths), .prose(let lengths): Self.definition(ofText: lengths)
        case .enumeration(let cases): ["type": "string", "enum": .array(cases.map { .string($0) })]
        case .pattern(let expression, _): ["type": "string", "pattern": .string(expression)]
        case .timeZone: ["type": "string", "maxLength": 64, "examples": ["Europe/Berlin"]]
        case .id: ["type": "string", "format": "uuid"]
        case .email: ["type": "string", "format": "email", "maxLength": 254]
        case .time: ["type": "string", "format": "date-time"]
        case .integer(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .array(let element, let count):
            [
                "type": "array", "items": element.reference, "minItems": .integer(count.lowerBound),
                "maxItems": .integer(count.upperBound),
            ]
        case .object(let properties): Self.definition(of: properties)
        case .members: ["type": "object"]
        case .nullable(let schema): ["anyOf": [schema.reference, ["type": "null"]]]
        case .named(_, let schema): schema.definition
        }
    }

    private static func definition(ofText lengths: ClosedRange<Int>) -> JSONValue {
        let (minimum, maximum) = (JSONValue.integer(lengths.lowerBound), JSONValue.integer(lengths.upperBound))
        return lengths.lowerBound > 0
            ? ["type": "string", "minLength": minimum, "maxLength": maximum, "pattern": "\\S"]
            : ["type": "string", "maxLength": maximum]
    }

    private static func definition(of properties: [Property]) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for property in properties {
            var definition = property.schema.reference
            if let note = property.note, case .object(var inner) = definition {
                inner["description"] = .string(note)
                definition = .object(inner)
            }
            members[property.name] = definition
        }
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        return [
            "type": "object", "properties": .object(members), "required": .array(required),
            "additionalProperties": false,
        ]
    }
}

extension OpenAPI {
    /// Where the document is to be had.
    package static func endpoint(describing endpoints: [Endpoint]) -> Endpoint {
        // Texts, whole numbers and truth values alone: nothing that could not be written.
        let data = (try? JSONEncoder.convene.encode(OpenAPI(endpoints).document)) ?? Data()
        let document = FixedDocument(data, type: "application/json")
        return Endpoint(
            method: .get, path: "/openapi.json", summary: "This interface as an OpenAPI 3.1 document.",
            tag: "Operations", access: .anyone,
            responses: [
                .text(.ok, type: "application/json", "The document."),
                .empty(.notModified, "It is what If-None-Match names."),
            ]
        ) { call in document.reply(to: call.headers) }
    }
}
