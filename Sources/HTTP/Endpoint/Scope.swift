/// One area of the interface, which keys for programs can be made for: to read in it, or to write.
package struct Scope: Sendable, Hashable {
    package let name: String

    package init(_ name: String) { self.name = name }

    package var read: String { "\(name):read" }
    package var write: String { "\(name):write" }
}

extension Endpoint {
    /// What a key must have been granted, such as `sessions:write`; `nil`: no key opens this.
    package var grant: String? { scope.map { method.isSafe ? $0.read : $0.write } }
}
