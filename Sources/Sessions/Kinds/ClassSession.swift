/// A lesson for many students at once.
package struct ClassSession: SessionDetails {
    package static let kind = SessionKind.classSession
    package static let table = "class_sessions"
    package static let hasRoster = true
}
