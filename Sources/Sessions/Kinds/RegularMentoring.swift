package import Postgres

package struct RegularMentoring: SessionDetails {
    package static let kind = SessionKind.regularMentoring
    package static let table = "regular_mentoring_sessions"

    package static let fields = [
        DetailField(
            "sessionType", "Session type",
            .choice([
                .init(value: Focus.standard.rawValue, label: "Standard"),
                .init(value: Focus.careerPlanning.rawValue, label: "Career planning"),
                .init(value: Focus.resumeReview.rawValue, label: "Résumé review"),
                .init(value: Focus.interviewPrep.rawValue, label: "Interview preparation"),
            ]))
    ]

    package enum Focus: String, Decodable, Sendable, SQLBindable {
        case standard
        case careerPlanning = "career_planning"
        case resumeReview = "resume_review"
        case interviewPrep = "interview_prep"
    }

    package let sessionType: Focus?

    package var columns: [(name: String, value: any SQLBindable)] { [("session_type", sessionType ?? .standard)] }
}
