package import Postgres
package import Values

package struct GapAnalysis: SessionDetails {
    package static let kind = SessionKind.gapAnalysis
    package static let table = "gap_analysis_sessions"

    package static let fields = [
        DetailField(
            "analysisFocus", "Focus",
            .choice([
                .init(value: Focus.comprehensive.rawValue, label: "Comprehensive"),
                .init(value: Focus.resume.rawValue, label: "Résumé"),
                .init(value: Focus.profile.rawValue, label: "Profile"),
                .init(value: Focus.skills.rawValue, label: "Skills"),
                .init(value: Focus.career.rawValue, label: "Career"),
            ])),
        DetailField("currentLevel", "Level now", .line(longest: 50)),
        DetailField("targetLevel", "Level aimed at", .line(longest: 50)),
    ]

    package enum Focus: String, Decodable, Sendable, SQLBindable {
        case resume, profile, skills, career, comprehensive
    }

    package let analysisFocus: Focus?
    package let currentLevel: Line?
    package let targetLevel: Line?

    package var columns: [(name: String, value: any SQLBindable)] {
        var columns: [(name: String, value: any SQLBindable)] = [("analysis_focus", analysisFocus ?? .comprehensive)]
        if let currentLevel { columns.append(("current_level", currentLevel.text)) }
        if let targetLevel { columns.append(("target_level", targetLevel.text)) }
        return columns
    }
}
