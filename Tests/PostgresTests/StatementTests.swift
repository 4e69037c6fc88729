import Foundation
import TestSupport
import Testing
import Values

@testable import Postgres

@Suite(.timeLimit(.minutes(5))) struct StatementTests {
    @Test func `a value is never read as SQL`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let hostile = #"'); DROP TABLE notes; -- $1 \ " { , } NULL é 🎉"#
            try await database.run("CREATE TABLE notes (text text)")
            try await database.run("INSERT INTO notes VALUES (\(hostile))")
            #expect(try await database.rows("SELECT text FROM notes", as: String.self) == [hostile])
            let array = [hostile, "", "NULL", "a,b"]
            #expect(try await database.row("SELECT \(array)::text[]", as: [String].self) == array)
        }
    }

    @Test func `a text with a NUL is refused instead of cut off`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let error = await #expect(throws: PostgresError.self) {
                try await database.row("SELECT \("ab\0cd")::text", as: String.self)
            }
            #expect(error?.state?.rawValue == "22021")
        }
    }

    // As numbers: describing such a `Date`, as for the name of a test, ends the process.
    @Test(
        arguments: [
            1e17, -1e17, .infinity, -.infinity, .nan, 99_999_999_999_999, -62_135_596_801, 253_402_300_800,
        ] as [Double])
    func `a time that PostgreSQL would not take is refused, and ends nothing but its statement`(seconds: Double)
        async throws
    {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let time = Date(timeIntervalSince1970: seconds)
            let error = await #expect(throws: PostgresError.self) {
                try await database.run("SELECT \(time)::timestamptz")
            }
            #expect(error?.state?.rawValue == "22007")
            let one = try await database.row("SELECT 1", as: Int.self)
            #expect(one == 1)
        }
    }

    @Test(arguments: [-62_135_596_800, -1, 0, 253_402_300_799] as [Double])
    func `the first and the last second of the years 1 to 9999 are taken`(seconds: Double) async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let time = Date(timeIntervalSince1970: seconds)
            let read = try await database.row("SELECT \(time)::timestamptz", as: Date.self)
            #expect(read == time)
        }
    }

    @Test func `what is no finite number is refused`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            for number in [Double.nan, .infinity, -.infinity] {
                await #expect(throws: PostgresError.self) { try await database.run("SELECT \(number)::float8") }
            }
            await #expect(throws: PostgresError.self) { try await database.run("SELECT \(Decimal.nan)::numeric") }
            await #expect(throws: PostgresError.self) {
                try await database.run("SELECT \(Duration.seconds(Int64.max))::interval")
            }
        }
    }

    @Test func `a spliced statement keeps its own values`() {
        let condition: SQL = "name = \("Ada") AND age > \(36)"
        let statement: SQL = "SELECT \(1) FROM people WHERE \(condition) LIMIT \(10)"
        #expect(statement.text == "SELECT $1 FROM people WHERE name = $2 AND age > $3 LIMIT $4")
        #expect(statement.parameters == [.text("1"), .text("Ada"), .text("36"), .text("10")])
    }

    @Test func `statements in one pipeline take effect together or not at all`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await database.run("CREATE TABLE notes (id int PRIMARY KEY)")
            let results = try await database.atomically([
                "INSERT INTO notes VALUES (1), (2)", "SELECT count(*) FROM notes",
            ])
            #expect(results.map(\.count) == [2, 1])

            let error = await #expect(throws: PostgresError.self) {
                try await database.atomically([
                    "INSERT INTO notes VALUES (3)", "INSERT INTO notes VALUES (1)", "INSERT INTO nowhere VALUES (4)",
                ])
            }
            #expect(error?.state == .uniqueViolation)
            #expect(try await database.rows("SELECT id FROM notes ORDER BY id", as: Int.self) == [1, 2])
        }
    }

    @Test func `a constraint is named in the error, and no value is`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await database.run("CREATE TABLE people (mail text CONSTRAINT one_person UNIQUE)")
            try await database.run("INSERT INTO people VALUES ('ada@example.org')")
            let error = await #expect(throws: PostgresError.self) {
                try await database.run("INSERT INTO people VALUES (\("ada@example.org"))")
            }
            guard case .server(let answer) = error else { throw try #require(error) }
            #expect(answer.constraint == "one_person" && answer.table == "people")
            #expect(!"\(answer) \(String(reflecting: error))".contains("ada@"))
            let misfit = await #expect(throws: PostgresError.self) {
                try await database.run("SELECT \("ada@example.org")::uuid")
            }
            #expect(misfit?.state?.rawValue == "22P02")
            #expect(!"\(misfit as Any) \(String(reflecting: misfit))".contains("ada@"))
        }
    }

    @Test func `a rule's refusal comes with its code and detail`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            try await database.script(
                """
                CREATE FUNCTION refuse(code text, detail text) RETURNS void LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION USING ERRCODE = 'CV001', MESSAGE = code, DETAIL = detail; END $$;
                """)
            let error = await #expect(throws: PostgresError.self) {
                try await database.run("SELECT refuse('time_taken', '{}')")
            }
            #expect(error?.refusal?.code == "time_taken" && error?.refusal?.detail == "{}")
        }
    }

    @Test func `the opening is in force for every statement and for nobody else`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url) { $0.size = 1 }.database
            let ours = database.opening(with: "SELECT set_config('app.actor', \("ada"), true)")
            let who: SQL = "SELECT coalesce(current_setting('app.actor', true), '')"
            #expect(try await ours.row(who, as: String.self) == "ada")
            #expect(try await database.row(who, as: String.self) == "")
            let inside = try await ours.transaction { try await $0.row(who, as: String.self) }
            #expect(inside == "ada")
            #expect(try await database.row(who, as: String.self) == "")
        }
    }

    @Test func `a statement whose table changed is prepared anew`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url) { $0.size = 1 }.database
            try await database.run("CREATE TABLE notes (id int)")
            try await database.run("INSERT INTO notes VALUES (1)")
            let all: SQL = "SELECT * FROM notes"
            #expect(try await database.atomically([all])[0].count == 1)
            try await database.run("ALTER TABLE notes ADD name text DEFAULT 'x'")
            #expect(try await database.atomically([all])[0].count == 1)
            try await database.run("DEALLOCATE ALL")
            #expect(try await database.atomically([all])[0].count == 1)
        }
    }

    @Test func `more statements than the cache holds still run`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url) { $0.size = 1 }.database
            for round in 0..<600 {
                let statement = SQL(stringLiteral: "SELECT \(round % 300)")
                #expect(try await database.row(statement, as: Int.self) == round % 300)
            }
            let kept = try await database.row("SELECT count(*) FROM pg_prepared_statements", as: Int.self)
            #expect(try #require(kept) <= 257)
        }
    }

    @Test func `a long pipeline with large values both ways does not block`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let text = String(repeating: "x", count: 1_000_000)
            let results = try await database.atomically(Array(repeating: "SELECT \(text)::text", count: 20))
            #expect(try results.flatMap { try $0.rows(as: String.self) }.allSatisfy { $0 == text })
        }
    }
}

extension PostgresError {
    var state: SQLState? { if case .server(let error) = self { error.state } else { nil } }
}
