import Foundation
import HTTPTypes
import Hummingbird

/// An answer as it goes over the wire. Thrown where it is a provider's refusal.
struct SimulatedResponse: Error {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body = Data()

    init(_ status: Int, headers: [(name: String, value: String)] = []) {
        self.status = status
        self.headers = headers
    }

    init(_ status: Int, json: some Encodable, headers: [(name: String, value: String)] = []) {
        self.init(status, headers: headers)
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .withoutEscapingSlashes
        do { body = try encoder.encode(json) } catch { self.status = 500 }
    }

    var response: Response {
        var fields = HTTPFields()
        if !body.isEmpty { fields[.contentType] = "application/json; charset=utf-8" }
        for header in headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            fields[name] = header.value
        }
        let content = body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        return Response(status: .init(code: status), headers: fields, body: content)
    }
}

/// The body of a request in a provider's spelling; `nil` when it is no JSON or lacks a member.
func readSnakeCase<Document: Decodable>(_ type: Document.Type, from body: Data) -> Document? {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(type, from: body)
}
