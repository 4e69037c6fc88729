import Foundation
import Postgres
import Secrets
import TestSupport
import Testing
import Values

@testable import Schema

@Suite struct KeyRotationTests {
    private let old = KeyRing(.random())
    private let new: KeyRing
    private let person = UserID(UUID())
    private let organizations = (0..<450).map { _ in OrganizationID(UUID()) }

    init() { new = KeyRing(.random(), older: old.keys) }

    private func context(_ organization: OrganizationID) -> SecretContext {
        SecretContext("provider_credentials", "secret", of: organization)
    }

    private func seal(_ text: String, for organization: OrganizationID, with ring: KeyRing) throws -> Data {
        try SecretBox(ring).seal(Secret(text), for: context(organization))
    }

    /// A secret in each organization, more than fit in one batch.
    private func fill(_ database: TestDatabase) async throws {
        let secrets = try organizations.map { try seal("\($0)", for: $0, with: old) }
        try await database.owner.atomically([
            "INSERT INTO users (id, email, name) VALUES (\(person), 'ada@example.test', 'Ada')",
            """
            INSERT INTO organizations (id, slug, name)
            SELECT id, 'o' || replace(id::text, '-', ''), 'O' FROM unnest(\(organizations)::uuid[]) AS id
            """,
            """
            INSERT INTO provider_credentials (organization_id, provider, settings, secret, updated_by)
            SELECT id, 'zoom', '{}', secret, \(person)
            FROM unnest(\(organizations)::uuid[], \(secrets)::bytea[]) AS o (id, secret)
            """,
        ])
    }

    private struct Held: Decodable, Sendable {
        let organizationId: OrganizationID
        let secret: Data
    }

    private func held(in database: TestDatabase) async throws -> [Held] {
        try await database.owner.rows("SELECT organization_id, secret FROM provider_credentials")
    }

    @Test func `afterward the new key alone opens everything`() async throws {
        try await withDatabase { database in
            try await fill(database)

            let outcome = try await KeyRotation(new, in: database.owner)()

            #expect(outcome == KeyRotation.Outcome(resealed: 450))
            let secretBox = SecretBox(KeyRing(new.first))
            for value in try await held(in: database) {
                #expect(
                    try secretBox.openText(value.secret, for: context(value.organizationId)).revealed
                        == "\(value.organizationId)")
            }
            #expect(try await KeyRotation(new, in: database.owner)() == KeyRotation.Outcome())
        }
    }

    @Test func `a retired key seals nothing any more, and one that comes back does`() async throws {
        try await withDatabase { database in
            try await fill(database)
            let late = try seal("late", for: organizations[0], with: old)
            let write: SQL = """
                UPDATE provider_credentials SET secret = \(late) WHERE organization_id = \(organizations[0])
                """
            try await KeyRotation(new, in: database.owner)()

            let error = await #expect(throws: PostgresError.self) { try await database.worker.run(write) }
            guard case .server(let cause) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(cause.constraint == "sealed_with_a_key_in_use")

            try await KeyRotation(old, in: database.owner)()
            try await database.worker.run(write)
        }
    }

    @Test func `what somebody writes meanwhile wins`() async throws {
        try await withDatabase { database in
            try await fill(database)
            let theirs = try seal("theirs", for: organizations[7], with: old)
            let before = try await held(in: database)

            // They have written and not committed when it is read, and commit while it waits for their row.
            let changed =
                "UPDATE provider_credentials SET secret = \(theirs) WHERE organization_id = \(organizations[7])" as SQL
            let resealing = KeyRotation(new, in: database.owner)
            let outcome = try await database.worker.transaction { tx in
                try await tx.run(changed)
                let running = Task { try await resealing() }
                for _ in 0..<100_000 where try await database.owner.row(Self.waiting, as: Int.self) != 0 { break }
                return running
            }.value

            #expect(before.count == 450)
            #expect(outcome.unreadable == [])
            let secret = try #require(try await held(in: database).first { $0.organizationId == organizations[7] })
                .secret
            let secretBox = SecretBox(KeyRing(new.first))
            #expect(try secretBox.openText(secret, for: context(organizations[7])).revealed == "theirs")
        }
    }

    private static let waiting: SQL = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
        """

    @Test func `what no key opens is named, and left as it is`() async throws {
        try await withDatabase { database in
            try await fill(database)
            let foreign = try seal("x", for: organizations[1], with: KeyRing(.random()))
            let moved = try seal("x", for: organizations[2], with: old)
            try await database.owner.atomically([
                "UPDATE provider_credentials SET secret = \(foreign) WHERE organization_id = \(organizations[1])",
                "UPDATE provider_credentials SET secret = \(moved) WHERE organization_id = \(organizations[3])",
            ])

            let outcome = try await KeyRotation(new, in: database.owner)()

            #expect(outcome.resealed == 448)
            #expect(Set(outcome.unreadable.map(\.owner)) == [organizations[1].uuid, organizations[3].uuid])
            #expect(outcome.unreadable.allSatisfy { "\($0)".hasPrefix("provider_credentials.secret of ") })
        }
    }

    @Test func `every sealed column is found, with its owner's column`() async throws {
        try await withDatabase { database in
            try await database.owner.script("CREATE TABLE user_things (user_id uuid, thing sealed)")

            let columns = try await KeyRotation(new, in: database.owner).sealedColumns()

            #expect(columns.contains(.init(table: "provider_credentials", column: "secret", owner: "organization_id")))
            #expect(columns.contains(.init(table: "user_things", column: "thing", owner: "user_id")))

            try await database.owner.script("CREATE TABLE things (thing sealed)")
            await #expect(throws: KeyRotation.NobodysSecret.self) {
                try await KeyRotation(new, in: database.owner).sealedColumns()
            }
        }
    }

    @Test(arguments: [Data(), Data([1]), Data([2]) + Data(count: 40), Data([1]) + Data(count: 16417)])
    func `what is no sealed value is not taken`(value: Data) async throws {
        try await withDatabase { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.owner.run("SELECT \(value)::bytea::sealed")
            }
            guard case .server(let cause) = error else { throw error ?? PostgresError.unavailable(reason: "no error") }
            #expect(cause.constraint == "sealed_form")
        }
    }
}
