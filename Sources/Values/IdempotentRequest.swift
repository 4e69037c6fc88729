package import Foundation

/// The answer to a POST under the key that its sender chose, kept for 24 hours, so that sending it again gives the
/// same answer and not a second booking.
package struct IdempotentRequest: Sendable, Hashable {
    package let route: String
    /// 1 to 255 characters.
    package let key: String
    /// SHA-256 of the body.
    package let hash: Data

    package init(route: String, key: String, hash: Data) {
        self.route = route
        self.key = key
        self.hash = hash
    }
}

package struct RememberedAnswer: Sendable, Hashable, Codable {
    package let status: Int
    package let location: String?
    package let body: String

    package init(status: Int, location: String?, body: String) {
        self.status = status
        self.location = location
        self.body = body
    }
}
