import Access
import Foundation
import HTTP
import Identity
import Sessions
import Values

/// What the booking form begins with.
struct BookPage: Sendable {
    /// A field that only some kind of session has.
    struct OwnField: Sendable {
        let name: String, label: String, hint: String
        var isChoice = false, choices: [Choice] = []
        var isLine = false, isList = false, longest = 0

        init(_ field: DetailField) {
            name = field.name
            label = field.label
            hint = field.hint
            switch field.form {
            case .choice(let choices):
                isChoice = true
                self.choices = choices.map { Choice(value: $0.value, label: $0.label) }
            case .line(let longest):
                isLine = true
                self.longest = longest
            case .lines: isList = true
            }
        }
    }

    let timeZone: String
    let kinds: [Choice], providers: [Choice], durations: [Choice]
    /// Without one there is nothing to book with, and the page says what to do.
    let hasProviders: Bool
    /// Whether the page begins with a student and a mentor, so that a day's times come at once and need their room.
    let looksUpTimes: Bool
    let ownFields = SessionKind.allCases.flatMap { $0.details.fields }.map(OwnField.init)
    /// JSON for the page's script.
    let pageData: String

    private struct Data: Encodable {
        struct Kind: Encodable {
            let value: SessionKind, label: String, providerRole: Role, many: Bool, fields: [String]
        }
        let organizationId: OrganizationID
        let timeZone: String
        let people: BookingPeople
        let kinds: [Kind]
    }

    /// - Parameter preferred: the visitor's own choice, which goes before their organization's.
    init(
        providers: [ProviderName], preferred own: ProviderName?, people: BookingPeople, visitor: Visitor
    ) throws {
        timeZone = ZoneName.ofToday(visitor.profile.timeZone)
        kinds = SessionKind.allCases.map {
            Choice(value: $0.rawValue, label: $0.label, hint: $0.hint, isChosen: $0 == .regularMentoring)
        }
        let first =
            [own, visitor.organization.defaultProvider].compactMap(\.self).first(where: providers.contains)
            ?? providers.first
        self.providers = providers.map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == first)
        }
        hasProviders = !providers.isEmpty
        looksUpTimes = !people.students.isEmpty && people.mentor != nil
        durations = [30, 45, 60, 90, 120].map { Choice(value: "\($0)", label: "\($0)", isChosen: $0 == 60) }
        let data = Data(
            organizationId: visitor.organization.id, timeZone: timeZone, people: people,
            kinds: SessionKind.allCases.map {
                .init(
                    value: $0, label: $0.label, providerRole: $0.providerRole, many: $0.hasRoster,
                    fields: $0.details.fields.map(\.name) + ["description"])
            })
        pageData = String(decoding: try JSONEncoder.convene.encode(data), as: UTF8.self)
    }
}

extension BookPage {
    static let access = Endpoint.Access.members([.admin, .counselor])

    static func page(_ sessions: SessionService, preferences: PreferencesService, members: Members) -> WebPage {
        .member("/book", for: access, title: "Book a session", template: "booking/book") { request, visitor in
            async let providers = sessions.providers(as: visitor.actor)
            async let own = preferences.preferences(of: visitor.actor.person)
            let people = try await BookingPeople.find(named: request.query.ids("person"), by: visitor, in: members)
            return try BookPage(
                providers: try await providers, preferred: try await own.preferredProvider, people: people,
                visitor: visitor)
        }
    }
}
