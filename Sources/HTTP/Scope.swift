import HTTPTypes

// What a key for programs may be allowed to do: read or write in one area of the interface.

extension Endpoint {
    /// Such as `sessions:write`. `nil` where no key may go: what concerns a person and their own security.
    package var scope: String? {
        switch access {
        case .anyone, .person, .platform: nil
        case .members, .adminsOrPlatform:
            tag == "Identity" ? nil : "\(tag.lowercased()):\(method.isSafe ? "read" : "write")"
        }
    }

    /// All that there are. A test compares them with the declarations.
    package static let grantableScopes = [
        "audit:read", "availability:read", "live:read", "operations:read", "operations:write", "organizations:read",
        "organizations:write", "sessions:read", "sessions:write",
    ]
}
