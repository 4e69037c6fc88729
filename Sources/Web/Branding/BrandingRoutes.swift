import Branding
import HTTP
import HTTPTypes
import Identity
import Values

/// How an organization looks and writes.
struct BrandingRoutes: Sendable {
    let branding: BrandingService

    var endpoints: [Endpoint] { [read, change] }

    private static let path = "/branding"

    private var read: Endpoint {
        .ofOrganization(
            .get, Self.path, summary: "How an organization looks and writes; ours where it set nothing.",
            access: .member,
            responses: [.json(.ok, BrandingAnswer.schema, "The branding as it is shown.")]
        ) { request in
            try .json(BrandingAnswer(try await branding.branding(as: try request.actor())))
        }
    }

    private var change: Endpoint {
        .ofOrganization(
            .put, Self.path, summary: "Replaces how an organization looks and writes.",
            body: .json(BrandingRequest.schema),
            responses: [.json(.ok, BrandingAnswer.schema, "The branding as it is shown from now on.")],
            problems: [.conflict], problemMembers: BrandingError.problemMembers
        ) { request in
            let body: BrandingRequest = try request.decode()
            return try .json(
                BrandingAnswer(
                    try await branding.change(body.draft, from: body.version, as: try request.actor())))
        }
    }
}

/// The body of a change.
private struct BrandingRequest: Decodable {
    struct Colors: Decodable {
        let accent: String?
        let accentDark: String?
    }

    struct Wording: Decodable {
        let subject: Line
        let introduction: Prose

        var template: MessageTemplate { MessageTemplate(subject: subject.text, introduction: introduction.text) }
    }

    let logoUrl: String?
    let palette: Colors
    let templates: [MessageKind: Wording?]
    let version: Int

    var draft: BrandingDraft {
        BrandingDraft(
            logoUrl: logoUrl, accent: palette.accent, accentDark: palette.accentDark,
            templates: templates.compactMapValues { $0?.template })
    }

    static let schema = Schema.named(
        "BrandingChange",
        .object([
            Schema.required(
                "logoUrl", .nullable(.text(1...LogoURL.longest)),
                "An https address that browsers fetch the logo from; null for none."),
            Schema.required(
                "palette",
                .object([
                    Schema.required(
                        "accent", .nullable(.text(1...32)),
                        "#rrggbb, with a contrast of 4.5 or more with the light surfaces; null for ours."),
                    Schema.optional(
                        "accentDark", .nullable(.text(1...32)),
                        "The same for the dark surfaces; missing or null: the one that follows from accent."),
                ])),
            Schema.required(
                "templates",
                .object(
                    MessageKind.allCases.map { kind in
                        let names = kind.placeholders.map { "{{\($0.rawValue)}}" }.joined(separator: ", ")
                        return Schema.optional(
                            kind.rawValue, .nullable(MessageTemplate.schema),
                            "May name \(names). Missing or null: our wording.")
                    })),
            Schema.required("version", .integer(0...Schema.latestVersion), "The one that the change is based on."),
        ]))
}

extension MessageTemplate {
    fileprivate static let schema = Schema.object([
        Schema.required("subject", .line(1...longestSubject), "One line."),
        Schema.required("introduction", .prose(1...longestIntroduction)),
    ])
}

/// What is answered: a document that can be sent back as it is.
private struct BrandingAnswer: Encodable {
    let logoUrl: String?
    let palette: Palette
    let templates: [MessageKind: MessageTemplate]
    let version: Int

    init(_ branding: Brand) {
        logoUrl = branding.logo?.text
        palette = branding.palette
        templates = Dictionary(uniqueKeysWithValues: MessageKind.allCases.map { ($0, branding.template($0)) })
        version = branding.version
    }

    private enum CodingKeys: String, CodingKey { case logoUrl, palette, templates, version }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(logoUrl, forKey: .logoUrl)
        try container.encode(palette, forKey: .palette)
        try container.encode(templates, forKey: .templates)
        try container.encode(version, forKey: .version)
    }

    static let schema = Schema.named(
        "Branding",
        .object([
            Schema.required("logoUrl", .nullable(.text)),
            Schema.required(
                "palette", .object([Schema.required("accent", .text), Schema.required("accentDark", .text)])),
            Schema.required(
                "templates",
                .object(MessageKind.allCases.map { Schema.required($0.rawValue, MessageTemplate.schema) })),
            Schema.required(
                "version", .integer(0...Schema.latestVersion),
                "Rises with every change; 0 while nothing was ever set."),
        ]))
}
