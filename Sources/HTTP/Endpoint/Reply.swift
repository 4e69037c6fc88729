import Foundation
package import HTTPTypes
package import Hummingbird
package import NIOCore
import Values

/// What an endpoint answers.
package struct Reply: Sendable {
    package typealias Status = HTTPResponse.Status

    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: ResponseBody

    package init(status: Status, headers: HTTPFields, body: ResponseBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// JSON, as ``Foundation/JSONEncoder/convene`` writes it.
    package static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Reply {
        .raw(try JSONEncoder.convene.encode(value), type: "application/json", status: status, headers: headers)
    }

    package static func raw(
        _ data: some Collection<UInt8>, type: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Reply {
        .shared(ByteBuffer(bytes: data), type: type, status: status, headers: headers)
    }

    /// What is the same for many: it is not copied for each of them, however many do not read it.
    package static func shared(
        _ buffer: ByteBuffer, type: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Reply {
        var headers = headers
        headers[.contentType] = type
        return Reply(status: status, headers: headers, body: ResponseBody(byteBuffer: buffer))
    }

    package static func empty(_ status: HTTPResponse.Status = .noContent, headers: HTTPFields = [:]) -> Reply {
        Reply(status: status, headers: headers, body: ResponseBody())
    }

    package static func redirect(to location: String, headers: HTTPFields = [:]) -> Reply {
        var headers = headers
        headers[.location] = location
        return .empty(.seeOther, headers: headers)
    }

    package static func problem(_ problem: Problem) -> Reply {
        var headers = HTTPFields()
        headers[.retryAfter] = problem.retryAfterSeconds.map(String.init)
        if problem.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        // What is still to come of the body is not waited for, and so nothing can follow it.
        if problem.status == .requestTimeout { headers[.connection] = "close" }
        let data = (try? JSONEncoder.convene.encode(problem.body)) ?? Data()
        return .raw(data, type: "application/problem+json", status: problem.status, headers: headers)
    }

    package var response: Response { Response(status: status, headers: headers, body: body) }
}
