import Foundation
import TestSupport
import Testing
import Values

@testable import Postgres

private struct Everything: Decodable, Sendable, Equatable {
    struct Note: Codable, Sendable, Equatable {
        let text: String, at: Date
    }

    let text: String, flag: Bool, int: Int, int32: Int32, int64: Int64, double: Double, decimal: Decimal
    let userID: UserID, someUuid: UUID, startsAt: Date, bytes: Data, timeRange: TimeRange, role: Role
    let ids: [UUID], texts: [String?], roles: [Role], note: Note, notes: [Note], meetingURL: URL
    let missing: String?, missingRole: Role?, missingNote: Note?, present: Int?
}

private enum Role: String, Codable, SQLBindable {
    case superAdmin = "super_admin"
    case admin, student
}

@Suite struct DecodingTests {
    @Test func `every type comes back as it went in`() async throws {
        let moment = Date(timeIntervalSince1970: 1_788_771_600.123456)
        let early = Date(timeIntervalSince1970: -62_000_000_000.5)
        let note = Everything.Note(text: #"a "b" \ c"#, at: Date(timeIntervalSince1970: 1_788_771_600))
        let sent = Everything(
            text: "héllo", flag: true, int: .min, int32: .max, int64: .max, double: 0.1,
            decimal: Decimal(string: "12345678901234567890.123456") ?? 0, userID: UserID(at: moment), someUuid: UUID(),
            startsAt: moment, bytes: Data((0...255).map { UInt8($0) }),
            timeRange: TimeRange(start: early, end: moment), role: .superAdmin, ids: [UUID(), UUID()],
            texts: ["a,b", nil, "NULL", "", "\"\\"], roles: [.admin, .student], note: note, notes: [note, note],
            meetingURL: try #require(URL(string: "https://example.org/a?b=c")), missing: nil, missingRole: nil,
            missingNote: nil, present: 7)
        let texts = "{\"a,b\",NULL,\"NULL\",\"\",\"\\\"\\\\\"}"
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let back = try await database.rows(
                """
                SELECT \(sent.text)::text AS text, \(sent.flag)::bool AS flag, \(sent.int)::int8 AS int,
                    \(sent.int32)::int4 AS int32, \(sent.int64)::int8 AS int64, \(sent.double)::float8 AS double,
                    \(sent.decimal)::numeric AS decimal, \(sent.userID)::uuid AS user_id,
                    \(sent.someUuid)::uuid AS some_uuid, \(sent.startsAt)::timestamptz AS "startsAt",
                    \(sent.bytes)::bytea AS bytes, \(sent.timeRange)::tstzrange AS time_range, \(sent.role)::text AS role,
                    \(sent.ids)::uuid[] AS ids, \(texts)::text[] AS texts, \(sent.roles)::text[] AS roles,
                    \(JSON(sent.note))::jsonb AS note, \(JSON(sent.notes))::json AS notes,
                    \(sent.meetingURL.absoluteString)::text AS meeting_url, NULL AS missing, NULL AS missing_role,
                    NULL::jsonb AS missing_note, 7 AS present
                FROM generate_series(1, 3)
                """, as: Everything.self)
            #expect(back == [sent, sent, sent])
        }
    }

    @Test(arguments: [0, -0.000001, 1_788_771_600.999999, -1.5, 253_402_300_799.999])
    func `a time comes back to the microsecond`(seconds: Double) async throws {
        try await withEmptyDatabase { url in
            let date = Date(timeIntervalSince1970: seconds)
            let back = try await Pool.toTests(url).database.row("SELECT \(date)::timestamptz", as: Date.self)
            #expect(abs(try #require(back).timeIntervalSince(date)) < 0.0000009)
        }
    }

    @Test func `a row of one column is read as its value`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            let numbers = try await database.rows("SELECT generate_series(1, 3)", as: Int.self)
            #expect(numbers == [1, 2, 3])
            #expect(try await database.row("SELECT 'google_meet'", as: ProviderName.self) == .googleMeet)
            #expect(try await database.rows("SELECT unnest(ARRAY['a', NULL])", as: String?.self) == ["a", nil])
            #expect(try await database.row("SELECT 1 WHERE false", as: Int.self) == nil)
            #expect(try await database.row("SELECT '{\"a\": 1}'::jsonb", as: String.self) == "{\"a\": 1}")
        }
    }

    private struct Person: Decodable, Sendable {
        let fullName: String, nickName: String?
    }

    @Test func `what does not fit is told by its column, without the value`() async throws {
        try await withEmptyDatabase { url in
            let database = Pool.toTests(url).database
            func error(_ statement: SQL) async -> PostgresError? {
                await #expect(throws: PostgresError.self) { try await database.rows(statement, as: Person.self) }
            }
            #expect(
                await error("SELECT NULL AS full_name, 'secret' AS nick_name")
                    == .decoding(column: "full_name", reason: "NULL where a value was wanted"))
            #expect(
                await error("SELECT 'secret' AS full_name")
                    == .decoding(column: "nickName", reason: "the answer has no such column"))
            let misread = await #expect(throws: PostgresError.self) {
                try await database.row("SELECT 'secret' AS id", as: UUID.self)
            }
            #expect(misread == .decoding(column: "id", reason: "not a UUID"))
            let role = await #expect(throws: PostgresError.self) {
                try await database.row("SELECT 'secret' AS role", as: Role.self)
            }
            #expect(role.map { !"\($0)".contains("secret") } == true)
        }
    }

    @Test func `an endless or empty range is no TimeRange`() async throws {
        try await withEmptyDatabase { url in
            for text in ["empty", "[2026-01-01,)", "(,2026-01-01)", "[2026-01-01,2026-01-02]"] {
                await #expect(throws: PostgresError.decoding(column: "tstzrange", reason: "not a TimeRange")) {
                    try await Pool.toTests(url).database.row("SELECT \(text)::tstzrange", as: TimeRange.self)
                }
            }
        }
    }
}
