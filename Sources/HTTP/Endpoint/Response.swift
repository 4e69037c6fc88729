package import HTTPTypes

extension Endpoint {
    /// One answer that is no problem.
    package struct Response: Sendable {
        package let status: HTTPResponse.Status
        package let note: String
        /// `nil`: no body.
        package let content: Content?

        package enum Content: Sendable {
            case json(Schema)
            case text(type: String)
        }

        package static func json(_ status: HTTPResponse.Status, _ schema: Schema, _ note: String) -> Response {
            Response(status: status, note: note, content: .json(schema))
        }

        package static func empty(_ status: HTTPResponse.Status, _ note: String) -> Response {
            Response(status: status, note: note, content: nil)
        }

        package static func text(_ status: HTTPResponse.Status, type: String, _ note: String) -> Response {
            Response(status: status, note: note, content: .text(type: type))
        }
    }
}
