package import Access
package import Postgres
package import Values

/// How a person likes things, in every organization they are in.
package struct Preferences: Codable, Sendable, Equatable {
    /// Where their sessions meet; `nil`: where the organization does.
    package let preferredProvider: ProviderName?
    /// IANA name.
    package let timeZone: String
    package let locale: Language
    /// Minutes before a session: at most five, from 5 minutes to 28 days, each once.
    package let reminderOffsets: [Int]
    package let notificationChannels: [Channel]
    package let customSettings: RoomSettings
    package let googleSettings: GoogleSettings
    /// Rises with every change, 0 while nothing was set; of a change the one that it is based on, where it is known.
    package var version: Int?

    package enum Language: String, Codable, Sendable, CaseIterable {
        case en, zh, ru
    }

    package enum Channel: String, Codable, Sendable, CaseIterable {
        case email, push, inApp
    }

    /// For our own rooms.
    package struct RoomSettings: Codable, Sendable, Equatable {
        package let joinMuted: Bool
        package let joinWithCamera: Bool
        package let mirrorCamera: Bool
    }

    package struct GoogleSettings: Codable, Sendable, Equatable {
        /// Whether sessions are written into the person's Google calendar, once it is connected.
        package let addToCalendar: Bool
        /// Whether they take the time there, rather than only show.
        package let showAsBusy: Bool
    }
}

extension Preferences {
    package static let fewestMinutes = 5
    package static let mostMinutes = 40_320
    package static let mostReminders = 5

    private enum CodingKeys: String, CodingKey {
        case preferredProvider, timeZone, locale, reminderOffsets, notificationChannels, customSettings, googleSettings
        case version
    }

    /// With a null where there is no preferred provider, as the interface promises.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(preferredProvider, forKey: .preferredProvider)
        try container.encode(timeZone, forKey: .timeZone)
        try container.encode(locale, forKey: .locale)
        try container.encode(reminderOffsets, forKey: .reminderOffsets)
        try container.encode(notificationChannels, forKey: .notificationChannels)
        try container.encode(customSettings, forKey: .customSettings)
        try container.encode(googleSettings, forKey: .googleSettings)
        try container.encodeIfPresent(version, forKey: .version)
    }

    /// - Throws: ``PreferencesError``
    fileprivate func check() throws(PreferencesError) {
        guard ZoneName.isKnown(timeZone) else { throw .unknownTimeZone }
        guard Set(reminderOffsets).count == reminderOffsets.count else { throw .repeatedReminder }
        guard Set(notificationChannels).count == notificationChannels.count else { throw .repeatedChannel }
    }
}

extension Preferences.Language: SQLBindable {}
extension Preferences.Channel: SQLBindable {}

/// Why preferences were not changed.
package enum PreferencesError: Error, Equatable {
    /// Not a name of the IANA time zone database, or one that this server's is too old for.
    case unknownTimeZone
    case repeatedReminder
    case repeatedChannel
}

/// The preferences of people: everyone's own, and nobody else's.
package struct PreferencesService: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package func preferences(of person: Person) async throws -> Preferences {
        let found = try await database.acting(as: person).row(
            """
            SELECT p.preferred_service AS "preferredProvider", u.time_zone, u.locale,
                   coalesce(p.reminder_offsets, '{1440,15}') AS reminder_offsets,
                   coalesce(p.notification_channels, '{email,inApp}') AS notification_channels,
                   '{"joinMuted": false, "joinWithCamera": true, "mirrorCamera": true}'::jsonb
                       || coalesce(p.custom_settings, '{}') AS custom_settings,
                   '{"addToCalendar": true, "showAsBusy": true}'::jsonb
                       || coalesce(p.google_settings, '{}') AS google_settings,
                   coalesce(p.version, 0) AS version
            FROM users u LEFT JOIN user_preferences p ON p.user_id = u.id WHERE u.id = app_user_id()
            """, as: Preferences.self)
        guard let found else { throw AccessError.signedOut }
        return found
    }

    /// Replaces all of them.
    /// - Returns: them with their new version.
    /// - Throws: ``PreferencesError``; ``StaleVersion`` when they are based on an older version than what is there.
    @discardableResult
    package func replace(with wanted: Preferences, of person: Person) async throws -> Preferences {
        try wanted.check()
        do {
            return try await database.acting(as: person).transaction { tx in
                // The statements of other features reckon in this zone, so the database must know it too.
                try await tx.run(
                    """
                    UPDATE users SET time_zone = \(wanted.timeZone), locale = \(wanted.locale), updated_at = now()
                    WHERE id = app_user_id() AND now() AT TIME ZONE \(wanted.timeZone)::text IS NOT NULL
                    """)
                guard let version = try await tx.row(Self.saving(wanted), as: Int.self) else {
                    let current = try await tx.row(
                        "SELECT version FROM user_preferences WHERE user_id = app_user_id()", as: Int.self)
                    throw StaleVersion(current: current ?? 0)
                }
                var saved = wanted
                saved.version = version
                return saved
            }
        } catch PostgresError.server(let error) where error.state == .invalidParameterValue {
            throw PreferencesError.unknownTimeZone
        }
    }

    private static func saving(_ wanted: Preferences) -> SQL {
        """
        INSERT INTO user_preferences AS p (user_id, preferred_service, reminder_offsets, notification_channels,
                                           custom_settings, google_settings)
        SELECT app_user_id(), \(wanted.preferredProvider), \(wanted.reminderOffsets)::int[],
               \(wanted.notificationChannels)::text[], \(JSON(wanted.customSettings))::jsonb,
               \(JSON(wanted.googleSettings))::jsonb
        WHERE coalesce(\(wanted.version)::bigint, 0) = 0
           OR EXISTS (SELECT FROM user_preferences WHERE user_id = app_user_id())
        ON CONFLICT (user_id) DO UPDATE
        SET preferred_service = excluded.preferred_service, reminder_offsets = excluded.reminder_offsets,
            notification_channels = excluded.notification_channels,
            custom_settings = excluded.custom_settings, google_settings = excluded.google_settings,
            updated_at = now(), version = p.version + 1
        WHERE \(wanted.version)::bigint IS NULL OR p.version = \(wanted.version)
        RETURNING version
        """
    }
}
