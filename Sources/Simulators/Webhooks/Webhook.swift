import Foundation

/// One delivery, ready to be sent.
struct Webhook: Sendable {
    let headers: [(name: String, value: String)]
    let body: Data
}
