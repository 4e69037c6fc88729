import Access
import Branding
import Foundation
import HTTP
import Identity
import Values

/// What the page of an organization's look and words begins with.
struct BrandingPage: Sendable {
    struct Template: Sendable {
        struct Tag: Sendable {
            let name: String, label: String
        }

        let kind: String, label: String, hint: String, subject: String, introduction: String, isFirst: Bool
        let tags: [Tag]
    }

    struct Theme: Sendable {
        let value: String, label: String
    }

    let typedLogoUrl: String, accent: String, accentDark: String
    /// The dark accent follows from the other.
    let isDerived: Bool
    let templates: [Template]
    /// The mail that the preview begins with.
    let previewSubject: String, previewText: String
    let themes = [Theme(value: "light", label: "Light"), Theme(value: "dark", label: "Dark")]
    /// JSON for the page's script.
    let pageData: String

    private struct Data: Encodable {
        struct Surfaces: Encodable { let light: [SRGB], dark: [SRGB] }
        let organizationId: OrganizationID
        let version: Int
        let standard: Palette
        let surfaces: Surfaces
        let neededContrast: Double
        let standardTemplates: [MessageKind: MessageTemplate]
        /// What stands for the placeholders in the preview.
        let samples: [String: String]
    }

    init(_ branding: Brand, visitor: Visitor) throws {
        typedLogoUrl = branding.logo?.text ?? ""
        accent = branding.palette.accent.description
        accentDark = branding.palette.accentDark.description
        isDerived = branding.palette.accentDark == Palette.accentDark(for: branding.palette.accent)
        templates = MessageKind.allCases.map { kind in
            let template = branding.template(kind)
            return Template(
                kind: kind.rawValue, label: kind.label, hint: kind.hint, subject: template.subject,
                introduction: template.introduction, isFirst: kind == .invitation,
                tags: kind.placeholders.map { .init(name: $0.rawValue, label: $0.label) })
        }
        let samples = Dictionary(
            uniqueKeysWithValues: Placeholder.allCases.map {
                ($0, $0.sample(in: visitor.organization.name, by: visitor.profile.name))
            })
        let preview = branding.template(.invitation).filled(with: samples)
        previewSubject = preview.subject
        previewText = preview.introduction
        let data = Data(
            organizationId: visitor.organization.id, version: branding.version, standard: .standard,
            surfaces: .init(light: Palette.Surfaces.light, dark: Palette.Surfaces.dark),
            neededContrast: Palette.neededContrast,
            standardTemplates: Dictionary(uniqueKeysWithValues: MessageKind.allCases.map { ($0, $0.standard) }),
            samples: Dictionary(uniqueKeysWithValues: samples.map { ($0.key.rawValue, $0.value) }))
        pageData = String(decoding: try JSONEncoder.convene.encode(data), as: UTF8.self)
    }
}

extension BrandingPage {
    static let page = WebPage.member(
        "/organization/branding", for: .admins, title: "Branding", template: "branding/branding",
        // The logo is shown as its address is typed, wherever that is.
        images: .anywhere
    ) { _, visitor in try BrandingPage(visitor.branding, visitor: visitor) }
}

extension MessageKind {
    fileprivate var label: String {
        switch self {
        case .invitation: "Invitation"
        case .sessionScheduled: "Session scheduled"
        case .sessionCancelled: "Session cancelled"
        case .reminder: "Reminder"
        }
    }

    fileprivate var hint: String {
        switch self {
        case .invitation: "To somebody whom an admin invites"
        case .sessionScheduled: "To everybody in a session, once it has its meeting"
        case .sessionCancelled: "To everybody who was in it"
        case .reminder: "Before a session, when each person wants it"
        }
    }
}

extension Placeholder {
    fileprivate var label: String {
        switch self {
        case .organization: "Organization"
        case .inviter: "Who invites"
        case .name: "Their name"
        case .role: "Role"
        case .title: "Session"
        case .when: "Day and time"
        case .host: "Who gives it"
        }
    }

    fileprivate func sample(in organization: String, by name: String) -> String {
        switch self {
        case .organization: organization
        case .inviter: name
        case .name: "Elena Petrova"
        case .role: "a student"
        case .title: "Interview preparation"
        case .when: "Tue, 1 Dec, 10:00"
        case .host: "Mei Tanaka"
        }
    }
}
