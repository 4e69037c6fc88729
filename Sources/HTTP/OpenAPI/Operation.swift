import Access
import HTTPTypes

// Endpoints as OpenAPI writes them.

extension Endpoint {
    var operation: JSONValue {
        var operation: [String: JSONValue] = [
            "summary": .string(summary), "operationId": .string(operationID), "tags": [.string(tag)],
            "security": .array(security.map { .object([$0: []]) }), "responses": .object(responseObjects),
        ]
        let parameters = parameters + impliedParameters
        if !parameters.isEmpty { operation["parameters"] = .array(parameters.map(\.document)) }
        if let body { operation["requestBody"] = ["required": true, "content": .object(body.mediaTypes)] }
        if let grant { operation["x-scope"] = .string(grant) }
        if !access.allRoles.isEmpty { operation["x-roles"] = .array(access.allRoles.map { .string($0.rawValue) }) }
        if case .link = access { operation["x-access"] = "link" }
        return .object(operation)
    }

    private var operationID: String {
        let words = path.split(whereSeparator: { "/{}.-".contains($0) }).filter { $0 != "api" }
        return method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The names of the schemes, any of which will do.
    private var security: [String] {
        switch access {
        case .anyone, .link: []
        case .signature(let header, _): [header.rawName]
        case .person, .members, .platform, .adminsOrPlatform: ["bearer", "cookie"]
        }
    }

    private var responseObjects: [String: JSONValue] {
        var objects: [String: JSONValue] = [:]
        for response in responses {
            var object: [String: JSONValue] = ["description": .string(response.note)]
            switch response.content {
            case .json(let schema): object["content"] = ["application/json": ["schema": schema.reference]]
            case .text(let type): object["content"] = .object([type: ["schema": ["type": "string"]]])
            case nil: break
            }
            objects[String(response.status.code)] = .object(object)
        }
        for status in problems + impliedProblems {
            objects[String(status.code)] = [
                "description": .string(status.reasonPhrase),
                "content": ["application/problem+json": ["schema": Schema.problem(with: []).reference]],
            ]
        }
        return objects
    }

    private var impliedProblems: [HTTPResponse.Status] {
        // However often an address may ask, it may ask too often; and any head may be too long to be read as HTTP.
        var implied: [HTTPResponse.Status] = [.badRequest, .tooManyRequests]
        switch access {
        case .anyone: break
        case .link: implied.append(.notFound)
        case .signature: implied.append(.unauthorized)
        case .person, .members, .platform, .adminsOrPlatform:
            implied += [.unauthorized, .serviceUnavailable]
            if !method.isSafe { implied.append(.forbidden) }
        }
        if !access.allRoles.isEmpty { implied += [.forbidden, .notFound, .unprocessableContent] }
        if parameters.contains(where: { $0.place == .path }) { implied.append(.notFound) }
        if (parameters + impliedParameters).contains(where: { $0.place != .path }) {
            implied.append(.unprocessableContent)
        }
        switch body?.content {
        case .json, .form: implied.append(.unprocessableContent)
        case .bytes, nil: break
        }
        if body != nil {
            implied += [
                .requestTimeout, .contentTooLarge, .unsupportedMediaType, .serviceUnavailable,
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

extension Endpoint.Body {
    fileprivate var mediaTypes: [String: JSONValue] {
        switch content {
        case .json(let schema): ["application/json": ["schema": schema.reference]]
        case .form(let fields): ["application/x-www-form-urlencoded": ["schema": Schema.object(fields).definition]]
        case .bytes(let types): Dictionary(uniqueKeysWithValues: types.map { ($0, JSONValue.object([:])) })
        }
    }
}
