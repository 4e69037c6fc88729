package import Postgres
package import Values

package struct GapAnalysis: SessionDetails {
    package static let kind = SessionKind.gapAnalysis

    package enum Focus: String, Codable, Sendable, CaseIterable, SQLBindable {
        case resume, profile, skills, career, comprehensive
    }

    /// `comprehensive` when it is not said.
    package let analysisFocus: Focus?
    /// 50 characters at most, as is the target level.
    package let currentLevel: Line?
    package let targetLevel: Line?

    package var columns: [(name: String, value: any SQLBindable)] {
        var columns: [(name: String, value: any SQLBindable)] = [("analysis_focus", analysisFocus ?? .comprehensive)]
        if let currentLevel { columns.append(("current_level", currentLevel.text)) }
        if let targetLevel { columns.append(("target_level", targetLevel.text)) }
        return columns
    }
}
