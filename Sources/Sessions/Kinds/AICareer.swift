package import Postgres
package import Values

package struct AICareer: SessionDetails {
    package static let kind = SessionKind.aiCareer
    package static let table = "ai_career_sessions"

    /// What it will be about.
    package static let fields = [
        DetailField("aiTopics", "Topics", hint: "Enter adds a topic.", .lines(longest: 100, most: 20))
    ]

    package let aiTopics: [Line]?

    package var columns: [(name: String, value: any SQLBindable)] { [("ai_topics", JSON(aiTopics ?? []))] }
}
