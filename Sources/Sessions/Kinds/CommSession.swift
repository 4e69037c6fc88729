package import Access

/// A talk between a counselor and a student. It is not billed.
package struct CommSession: SessionDetails {
    package static let kind = SessionKind.commSession
    package static let table = "comm_sessions"
    package static let providerRole = Role.counselor
    package static let isBillable = false
}
