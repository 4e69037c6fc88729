package import Identity
package import Postgres
package import Values

/// Nobody is written to yet.
package struct LetterPost: Correspondence {
    package init() {}

    package func post(_ letter: AccountLetter, to address: String, of organization: OrganizationID?) async throws -> SQL
    {
        "SELECT 1"
    }
}
