import HTTP
import HTTPTypes
package import Secrets
import Values

/// Who may read `/metrics`, which tells how much is done and how much waits: whoever shows the token, and without one
/// only programs on this machine.
package struct MetricsAccess: Sendable {
    let token: Secret?
    /// Whether a request from this machine is known to be one: not where a proxy stands before us that was not named,
    /// whose every request comes from here.
    let knowsProxies: Bool

    package init(token: Secret?, knowsProxies: Bool) {
        self.token = token
        self.knowsProxies = knowsProxies
    }

    /// What proxies add to what they pass on.
    private static let marks = [
        "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via",
    ]
    .compactMap { HTTPField.Name($0) }

    /// - Throws: a 401 problem for a wrong token or none, where there is one; a 404 problem for everybody elsewhere.
    func check(_ request: APIRequest) throws {
        if let token {
            let shown = request.headers[.authorization].map { Array($0.utf8) } ?? []
            let expected = Array("Bearer \(token.revealed)".utf8)
            guard shown.count == expected.count, zip(shown, expected).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0 else {
                throw Problem.notSignedIn
            }
        } else {
            guard knowsProxies, request.peer.flatMap(IPAddress.init)?.isLoopback == true,
                Self.marks.allSatisfy({ request.headers[$0] == nil })
            else { throw Problem.notFound }
        }
    }
}
