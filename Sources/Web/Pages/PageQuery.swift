import Foundation
import HTTP
import Hummingbird
import Values

/// What a page is asked for behind the `?`, as forms write it. What is empty was not asked for.
struct PageQuery: Sendable {
    private let form: Form
    private let request: Request

    init(_ request: Request) {
        form = Form(request.uri.query ?? "")
        self.request = request
    }

    /// All values of that name that are ids, at most 100.
    func ids<Owner>(_ name: String) -> [ID<Owner>] {
        request.uri.queryParameters[values: Substring(name)].prefix(100).compactMap { ID<Owner>(String($0)) }
    }

    subscript(name: String) -> String? {
        guard let text = form[name]?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty else { return nil }
        return String(text.prefix(200))
    }

    /// Where signing in leads.
    var next: String { SignInPage.next(form["next"]) }

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
