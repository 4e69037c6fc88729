package import Access
package import Postgres

/// One kind of session: what is to be known of the kind, and what its sessions have that others lack.
package protocol SessionDetails: Decodable, Sendable {
    static var kind: SessionKind { get }
    static var table: String { get }

    /// Who gives it.
    static var providerRole: Role { get }

    /// Whether it uses up units of the students' contracts: hours of its length.
    static var isBillable: Bool { get }

    /// Whether it has a roster of students in place of one student.
    static var hasRoster: Bool { get }

    /// The kind's own fields, in the order of the booking form. A value is decoded from them, so they are its properties.
    static var fields: [DetailField] { get }

    /// Its own columns by name. The view `all_sessions` shows them as `details`, by the names of the fields.
    var columns: [(name: String, value: any SQLBindable)] { get }
}

/// What most kinds are.
extension SessionDetails {
    package static var providerRole: Role { .mentor }
    package static var isBillable: Bool { true }
    package static var hasRoster: Bool { false }
    package static var fields: [DetailField] { [] }

    package var columns: [(name: String, value: any SQLBindable)] { [] }
}
