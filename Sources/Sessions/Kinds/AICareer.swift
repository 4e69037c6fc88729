package import Postgres
package import Values

package struct AICareer: SessionDetails {
    package static let kind = SessionKind.aiCareer

    /// What it will be about: 20 topics at most, of 100 characters each.
    package let aiTopics: [Line]?

    package var columns: [(name: String, value: any SQLBindable)] {
        [("ai_topics", JSON(aiTopics ?? []))]
    }
}
