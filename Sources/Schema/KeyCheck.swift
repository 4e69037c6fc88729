import Foundation
package import Postgres
package import Secrets

/// Whether our keys are those that the database's secrets are sealed with: a process with others could open none of them,
/// and would give up what it cannot open.
package struct KeyCheck: Sendable {
    private static let context = SecretContext("key_check", "value", owner: nobody)
    private static let nobody = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    private static let text = Data("Convene".utf8)

    private let box: SecretBox
    private let database: Database

    /// - Parameter database: the owner's, of an up-to-date schema.
    package init(_ box: SecretBox, in database: Database) {
        self.box = box
        self.database = database
    }

    package struct OtherKeys: Error, CustomStringConvertible {
        let error: SecretError
        package var description: String {
            """
            The keys in encryption.key, or CONVENE_ENCRYPTION_KEY, are not this database's: \(error). Put its own keys \
            back; if they are lost, convene rotate-keys --old-keys-are-lost goes on without what they have sealed.
            """
        }
    }

    /// Of any number of first processes one writes the value, and its keys are the database's from then on.
    /// - Throws: ``OtherKeys``
    package func callAsFunction() async throws {
        let first = try box.seal(Self.text, for: Self.context)
        try await database.run("INSERT INTO key_check (value) VALUES (\(first)) ON CONFLICT DO NOTHING")
        let value = try await database.row("SELECT value FROM key_check", as: Data.self)
        do throws(SecretError) {
            _ = try box.open(value ?? first, for: Self.context)
        } catch {
            throw OtherKeys(error: error)
        }
    }

    /// Seals the value with the newest key, whatever it was sealed with before.
    package func renew() async throws {
        let value = try box.seal(Self.text, for: Self.context)
        try await database.run(
            """
            INSERT INTO key_check (value) VALUES (\(value)) ON CONFLICT (is_only) DO UPDATE SET value = excluded.value
            """)
    }
}
