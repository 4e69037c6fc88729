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
    package var body: Body

    package enum Body: Sendable {
        /// Made for this request.
        case whole(ByteBuffer)
        /// The same for many: neither copied nor compressed for each of them, however many do not read it.
        case kept(KeptBody)
        /// Written bit by bit, and never compressed, which would hold bits back.
        case stream(ResponseBody)
    }

    package init(status: Status, headers: HTTPFields, body: Body) {
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
        Reply(status: status, headers: headers.with(type), body: .whole(ByteBuffer(bytes: data)))
    }

    package static func kept(_ body: KeptBody, type: String, headers: HTTPFields = [:]) -> Reply {
        Reply(status: .ok, headers: headers.with(type), body: .kept(body))
    }

    package static func empty(_ status: HTTPResponse.Status = .noContent, headers: HTTPFields = [:]) -> Reply {
        Reply(status: status, headers: headers, body: .whole(ByteBuffer()))
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
}

extension HTTPFields {
    fileprivate func with(_ type: String) -> HTTPFields {
        var fields = self
        fields[.contentType] = type
        return fields
    }
}
