package import Postgres

/// A lesson for many students at once.
package struct ClassSession: SessionDetails {
    package static let kind = SessionKind.classSession

    package var columns: [(name: String, value: any SQLBindable)] { [] }
}
