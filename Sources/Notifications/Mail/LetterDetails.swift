package import Postgres
import Values

/// What a letter leaves open and is as it stands when the letter is sent.
package struct LetterDetails: Sendable {
    private let database: Database

    /// - Parameter database: as `convene_worker`.
    package init(database: Database) {
        self.database = database
    }

    private struct Row: Decodable, Sendable {
        let name: String?, timeZone: String?, organization: String?
    }

    func filled(_ letter: Letter, to address: String, of organization: OrganizationID?) async throws -> Letter {
        let row = try await database.row(
            """
            SELECT u.name, u.time_zone, o.name AS organization FROM (SELECT) AS one
            LEFT JOIN users u ON u.email = lower(\(address))
            LEFT JOIN organizations o ON o.id = \(organization)::uuid
            """, as: Row.self)
        var letter = letter
        letter.name = letter.name ?? row?.name
        letter.timeZone = letter.timeZone ?? row?.timeZone
        if letter.letterhead.organization == nil { letter.letterhead = Letterhead(organization: row?.organization) }
        return letter
    }
}
