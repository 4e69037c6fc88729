package import Access
package import Postgres
import Values

/// The five kinds of session. What differs between them is told here and in their ``SessionDetails``; booking,
/// provisioning, queries and routes are written once over both.
package enum SessionKind: String, Codable, Sendable, CaseIterable {
    case regularMentoring = "regular_mentoring"
    case gapAnalysis = "gap_analysis"
    case aiCareer = "ai_career"
    case commSession = "comm_session"
    case classSession = "class_session"

    package var details: any SessionDetails.Type {
        switch self {
        case .regularMentoring: RegularMentoring.self
        case .gapAnalysis: GapAnalysis.self
        case .aiCareer: AICareer.self
        case .commSession: CommSession.self
        case .classSession: ClassSession.self
        }
    }

    var table: String {
        switch self {
        case .regularMentoring: "regular_mentoring_sessions"
        case .gapAnalysis: "gap_analysis_sessions"
        case .aiCareer: "ai_career_sessions"
        case .commSession: "comm_sessions"
        case .classSession: "class_sessions"
        }
    }

    /// Who gives it.
    package var providerRole: Role {
        switch self {
        case .regularMentoring, .gapAnalysis, .aiCareer, .classSession: .mentor
        case .commSession: .counselor
        }
    }

    /// Whether it uses up units of the students' contracts: hours of its length.
    package var isBillable: Bool {
        switch self {
        case .regularMentoring, .gapAnalysis, .aiCareer, .classSession: true
        case .commSession: false
        }
    }

    /// Whether it has a roster of students in place of one student.
    package var hasRoster: Bool {
        switch self {
        case .classSession: true
        case .regularMentoring, .gapAnalysis, .aiCareer, .commSession: false
        }
    }

    /// The column that holds who gives it.
    var providerColumn: String { "\(providerRole.rawValue)_user_id" }

    /// The start of the names of its events: `{kind}.session.created`.
    var topic: String { "\(rawValue).session" }
}

extension SessionKind: SQLBindable {}

/// What one kind of session has that the others lack.
package protocol SessionDetails: Codable, Sendable {
    static var kind: SessionKind { get }
    /// Its own columns by name.
    var columns: [(name: String, value: any SQLBindable)] { get }
}
