package import Access
import Postgres

/// The kinds of session, each a file of its own: a case and the line below that names its ``SessionDetails``, where all
/// that differs is told. Booking, provisioning, queries, routes and pages are written once over both.
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

    var table: String { details.table }
    package var providerRole: Role { details.providerRole }
    package var isBillable: Bool { details.isBillable }
    package var hasRoster: Bool { details.hasRoster }

    /// The column that holds who gives it.
    var providerColumn: String { "\(providerRole.rawValue)_user_id" }

    /// Where the students are of one that has a roster, and the column there that holds the session.
    var rosterTable: String { "\(rawValue)_students" }
    var rosterColumn: String { "\(rawValue)_id" }

    /// The start of the names of its events: `{kind}.session.created`.
    var topic: String { "\(rawValue).session" }
}

extension SessionKind: SQLBindable {}
