package import HTTP
import HTTPTypes
import Identity
import Values

/// How a person likes things, and what they are called.
struct PreferenceRoutes: Sendable {
    let preferences: PreferencesService
    let profiles: Profiles

    var endpoints: [Endpoint] { [read, replace, rename] }

    private static let path = "/api/user/preferences"

    private static let schema = Schema.named(
        "Preferences",
        .object([
            Schema.required(
                "preferredProvider", .nullable(.enumeration(of: ProviderName.self)),
                "Where one's sessions meet; null: where the organization does."),
            Schema.required("timeZone", .timeZone, "IANA name, of today or an older one."),
            Schema.required("locale", .enumeration(of: Preferences.Language.self)),
            Schema.required(
                "reminderOffsets",
                .array(
                    .integer(Preferences.fewestMinutes...Preferences.mostMinutes), count: 0...Preferences.mostReminders),
                "Minutes before a session begins, each once."),
            Schema.required(
                "notificationChannels",
                .array(.enumeration(of: Preferences.Channel.self), count: 0...Preferences.Channel.allCases.count),
                "Each once."),
            Schema.required(
                "customSettings",
                .object([
                    Schema.required("joinMuted", .boolean), Schema.required("joinWithCamera", .boolean),
                    Schema.required("mirrorCamera", .boolean, "Whether one sees oneself as in a mirror."),
                ]), "For Convene's own rooms."),
            Schema.required(
                "googleSettings",
                .object([
                    Schema.required("addToCalendar", .boolean), Schema.required("showAsBusy", .boolean),
                ])), Schema.basedOn,
        ]))

    private var read: Endpoint {
        Endpoint(
            method: .get, path: Self.path, summary: "One's own preferences; the defaults where nothing was set.",
            tag: "Identity", access: .person, responses: [.json(.ok, Self.schema, "The preferences.")]
        ) { request in
            try .json(try await preferences.preferences(of: try request.person()))
        }
    }

    private var replace: Endpoint {
        Endpoint(
            method: .put, path: Self.path, summary: "Replaces one's own preferences.", tag: "Identity",
            access: .person, body: .json(Self.schema),
            responses: [.json(.ok, Self.schema, "The preferences from now on.")],
            problems: [.conflict]
        ) { request in
            let wanted: Preferences = try request.decode()
            return try .json(try await preferences.replace(with: wanted, of: try request.person()))
        }
    }

    private var rename: Endpoint {
        Endpoint(
            method: .patch, path: "/api/auth/me", summary: "Changes what one is called.", tag: "Identity",
            access: .person, body: .json(.named("ProfileChange", .object([Schema.required("name", .line(1...200))]))),
            responses: [.json(.ok, SignInRoutes.profile, "The person and their organizations.")]
        ) { request in
            struct Change: Decodable {
                let name: Line
            }
            let change: Change = try request.decode()
            return try .json(try await profiles.rename(try request.person(), to: change.name.text))
        }
    }
}

extension PreferencesError: ProblemConvertible {
    package var problem: Problem { .invalid([field]) }

    private var field: FieldError {
        switch self {
        case .unknownTimeZone:
            FieldError(field: "timeZone", message: "must be the name of a time zone, such as Europe/Berlin")
        case .repeatedReminder: FieldError(field: "reminderOffsets", message: "must name each time once")
        case .repeatedChannel: FieldError(field: "notificationChannels", message: "must name each channel once")
        }
    }
}
