import HTTP

// The areas of the interface that keys for programs can be made for.

extension Scope {
    static let audit = Scope("audit")
    static let availability = Scope("availability")
    static let live = Scope("live")
    static let operations = Scope("operations")
    static let organizations = Scope("organizations")
    static let sessions = Scope("sessions")

    /// What a key can be granted: whatever some endpoint asks for, which a test compares.
    static let grants = [
        audit.read, availability.read, live.read, operations.read, operations.write, organizations.read,
        organizations.write, sessions.read, sessions.write,
    ]
}
