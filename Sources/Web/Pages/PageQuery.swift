import Foundation
import HTTP
import Hummingbird
import Values

/// What a page is asked for behind the `?`, as forms write it. What is empty was not asked for.
struct PageQuery: Sendable {
    private let form: Form

    init(_ request: Request) { form = Form(request.uri.query ?? "") }

    subscript(name: String) -> String? {
        guard let text = form[name]?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty else { return nil }
        return String(text.prefix(200))
    }

    /// Where signing in leads: my week when that is nowhere here.
    var next: String { form["next"].flatMap { SignInPage.isOurs($0) ? $0 : nil } ?? "/week" }

    var cursor: Cursor? { form["cursor"].flatMap(Cursor.init) }

    /// An address that asks a page for this; what is `nil` is left out.
    static func address(_ path: String, _ fields: [(name: String, value: String?)]) -> String {
        let query = fields.compactMap { name, value in
            value?.addingPercentEncoding(withAllowedCharacters: unreserved).map { "\(name)=\($0)" }
        }
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }

    /// RFC 3986, 2.3.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
