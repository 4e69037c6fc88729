package import Postgres

package struct RegularMentoring: SessionDetails {
    package static let kind = SessionKind.regularMentoring

    package enum Focus: String, Codable, Sendable, CaseIterable, SQLBindable {
        case standard
        case careerPlanning = "career_planning"
        case resumeReview = "resume_review"
        case interviewPrep = "interview_prep"
    }

    /// `standard` when it is not said.
    package let sessionType: Focus?

    package var columns: [(name: String, value: any SQLBindable)] {
        [("session_type", sessionType ?? .standard)]
    }
}
