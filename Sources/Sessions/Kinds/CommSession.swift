package import Postgres

/// A talk between a counselor and a student. It is not billed.
package struct CommSession: SessionDetails {
    package static let kind = SessionKind.commSession

    package var columns: [(name: String, value: any SQLBindable)] { [] }
}
