import Access
import Foundation
import Postgres
import TestSupport
import Testing
import Values

@testable import Identity

@Suite struct PreferencesTests {
    private static let somePreferences = Preferences(
        preferredProvider: .feishu, timeZone: "Asia/Kolkata", locale: .zh, reminderOffsets: [40_320, 5],
        notificationChannels: [.push],
        customSettings: .init(joinMuted: true, joinWithCamera: false, mirrorCamera: false),
        googleSettings: .init(addToCalendar: false, showAsBusy: false))

    /// Ada and Ben, who know nothing of each other.
    private struct World {
        let ada = UserID(at: .now), ben = UserID(at: .now)
        let adaSignIn = SignInID(at: .now), benSignIn = SignInID(at: .now)

        var statements: [SQL] {
            [
                """
                INSERT INTO users (id, email, name, time_zone)
                VALUES (\(ada), 'ada@one.example', 'Ada', 'Europe/Berlin'), (\(ben), 'ben@two.example', 'Ben', 'UTC')
                """,
                """
                INSERT INTO sign_ins (id, user_id, medium, expires_at) SELECT id, person, 'browser', now() + interval '1 day'
                FROM unnest(\([adaSignIn, benSignIn])::uuid[], \([ada, ben])::uuid[]) AS s (id, person)
                """,
            ]
        }

        var asAda: Person { Person(.init(user: ada, signIn: adaSignIn), address: nil) }
        var asBen: Person { Person(.init(user: ben, signIn: benSignIn), address: nil) }
    }

    @Test func `a person has the defaults, then what they chose, and nobody else has`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            let service = PreferencesService(database: database.app)
            let before = try await service.preferences(of: world.asBen)
            #expect(before.preferredProvider == nil)
            #expect(before.timeZone == "UTC")
            #expect(try await service.preferences(of: world.asAda).timeZone == "Europe/Berlin")

            for _ in 1...2 { try await service.replace(with: Self.somePreferences, of: world.asAda) }

            var now = try await service.preferences(of: world.asAda)
            #expect(now.version == 2)
            now.version = nil
            #expect(now == Self.somePreferences)
            #expect(try await service.preferences(of: world.asBen) == before)
            #expect(try await Profiles(database: database.app).of(world.asAda).timeZone == "Asia/Kolkata")
        }
    }

    @Test func `of two tabs, the second to save is told, and nothing of the first is lost`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            let service = PreferencesService(database: database.app)
            var first = Self.somePreferences
            var second = Self.somePreferences.with(timeZone: "Europe/Paris")
            (first.version, second.version) = (0, 0)

            let saved = try await service.replace(with: first, of: world.asAda)

            #expect(saved.version == 1)
            await #expect(throws: StaleVersion(current: 1)) { try await service.replace(with: second, of: world.asAda) }
            #expect(try await service.preferences(of: world.asAda) == saved)
            second.version = 3
            await #expect(throws: StaleVersion(current: 0)) { try await service.replace(with: second, of: world.asBen) }
            second.version = 1
            #expect(try await service.replace(with: second, of: world.asAda).version == 2)
        }
    }

    @Test(arguments: [
        "Mars/Olympus", "CEST", "GMT+5", "+01:00", "", "/", "../UTC", "Europe/Berlin\u{7}", "posix/UTC",
    ])
    func `what is no time zone of the IANA database is refused`(zone: String) async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            let service = PreferencesService(database: database.app)
            let before = try await service.preferences(of: world.asAda)

            await #expect(throws: PreferencesError.unknownTimeZone) {
                try await service.replace(with: Self.somePreferences.with(timeZone: zone), of: world.asAda)
            }
            #expect(try await service.preferences(of: world.asAda) == before)
        }
    }

    @Test func `the database takes no preference for somebody else`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)

            await #expect(throws: PostgresError.self) {
                try await database.app.acting(as: world.asBen).run(
                    """
                    INSERT INTO user_preferences
                        (user_id, reminder_offsets, notification_channels, custom_settings, google_settings)
                    VALUES (\(world.ada), '{}', '{}', '{}', '{}')
                    """)
            }
        }
    }

    @Test func `the database takes no name of several lines`() async throws {
        try await withDatabase { database in
            let world = World()
            try await database.owner.atomically(world.statements)
            let profiles = Profiles(database: database.app)

            #expect(try await profiles.rename(world.asAda, to: "Ada Lovelace").name == "Ada Lovelace")
            await #expect(throws: PostgresError.self) {
                try await profiles.rename(world.asAda, to: "Ada\r\nBcc: all@two.example")
            }
            #expect(try await profiles.of(world.asAda).name == "Ada Lovelace")
            #expect(try await profiles.of(world.asBen).name == "Ben")
        }
    }
}

extension Preferences {
    fileprivate func with(timeZone: String) -> Preferences {
        Preferences(
            preferredProvider: preferredProvider, timeZone: timeZone, locale: locale, reminderOffsets: reminderOffsets,
            notificationChannels: notificationChannels, customSettings: customSettings, googleSettings: googleSettings)
    }
}
