import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Endpoint {
    /// What a request brings.
    package struct Body: Sendable {
        enum Content: Sendable {
            case json(Schema)
            case form([Schema.Property])
            case bytes([String])
        }

        let content: Content
        /// Bytes.
        let limit: Int

        package static func json(_ schema: Schema, upTo limit: Int = 1 << 20) -> Body {
            Body(content: .json(schema), limit: limit)
        }

        /// `application/x-www-form-urlencoded`, whose fields are decoded as the members of an object.
        package static func form(_ fields: [Schema.Property], upTo limit: Int = 1 << 16) -> Body {
            Body(content: .form(fields), limit: limit)
        }

        /// Whatever is of one of these media types, as it is.
        package static func bytes(of types: [String], upTo limit: Int) -> Body {
            Body(content: .bytes(types), limit: limit)
        }
    }
}

extension Endpoint.Body {
    /// The bytes as they came.
    /// - Throws: a 415 problem for another type than is declared; 400, 408 and 413 as ``Request/wholeBody(upTo:within:)``.
    func bytes(of request: Request) async throws -> ByteBuffer {
        guard let type = request.mediaType, types.contains(type) else { throw unsupported }
        guard [nil, "identity"].contains(request.headers[.contentEncoding]) else { throw Problem.encodedBody }
        return try await request.wholeBody(upTo: limit)
    }

    /// What the endpoint decodes, and everything that is wrong with it.
    /// - Throws: a 400 problem for what is not JSON.
    func validated(_ bytes: ByteBuffer) throws -> (Data, [FieldError]) {
        switch content {
        case .json(let schema):
            let (value, faults) = try Self.read([UInt8](bytes.readableBytesView), as: schema)
            return (Data(bytes.readableBytesView), faults + schema.errors(in: value))
        case .form(let fields):
            let value = Form(String(buffer: bytes)).value(of: fields)
            return (try JSONEncoder().encode(value), Schema.object(fields).errors(in: value))
        case .bytes: return (Data(bytes.readableBytesView), [])
        }
    }

    private var types: [String] {
        switch content {
        case .json: ["application/json"]
        case .form: ["application/x-www-form-urlencoded"]
        case .bytes(let types): types
        }
    }

    private var unsupported: Problem {
        let title = if case .json = content { "Not JSON" } else { "Another media type" }
        return Problem(
            status: .unsupportedMediaType, code: "unsupported_media_type", title: title,
            detail: "Send the body as \(types.joined(separator: " or ")).")
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

extension Problem {
    fileprivate static let encodedBody = Problem(
        status: .unsupportedMediaType, code: "unsupported_media_type", title: "Another encoding",
        detail: "Send the body as it is, without a Content-Encoding.")
}

extension Form {
    /// The fields as an object, each as its schema reads it; what is not declared as text, so that it is found wrong.
    fileprivate func value(of declared: [Schema.Property]) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: fields.map { name, text in
                    let schema = declared.first { $0.name == name }?.schema ?? .text
                    return (name, schema.value(fromText: text))
                }))
    }
}

extension Request {
    /// What the body is said to be, without parameters such as a charset.
    fileprivate var mediaType: String? {
        headers[.contentType]?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    }
}
