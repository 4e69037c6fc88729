import Values

/// What an organization's mails say first: a subject, and an introduction above what the mail is about.
package struct MessageTemplate: Sendable, Hashable, Codable {
    package let subject: String
    package let introduction: String

    package init(subject: String, introduction: String) {
        self.subject = subject
        self.introduction = introduction
    }

    /// Unicode scalars.
    package static let longestSubject = 200
    /// Unicode scalars.
    package static let longestIntroduction = 4000

    /// Both with `values` in place of the placeholders. They are plain text: who writes HTML escapes the result.
    /// - Parameter values: what has none is left empty. In the subject, which is a header of the mail, each is one line.
    package func filled(with values: [Placeholder: String]) -> MessageTemplate {
        MessageTemplate(
            subject: PlaceholderText.filled(
                subject, with: values.mapValues(PlainText.cleanedSentence)),
            introduction: PlaceholderText.filled(introduction, with: values))
    }
}

/// What a mail is about, where an organization may word it.
package enum MessageKind: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    case invitation, sessionScheduled, sessionCancelled, reminder

    /// What `{{…}}` may name in it.
    package var placeholders: [Placeholder] {
        switch self {
        case .invitation: [.organization, .inviter, .name, .role]
        case .sessionScheduled, .sessionCancelled, .reminder: [.organization, .name, .title, .when, .host]
        }
    }

    /// How we word it.
    package var standard: MessageTemplate {
        switch self {
        case .invitation:
            MessageTemplate(
                subject: "{{inviter}} invites you to {{organization}}",
                introduction: "Hello,\n\n{{inviter}} would like you to join {{organization}} as {{role}}.")
        case .sessionScheduled:
            MessageTemplate(
                subject: "{{title}}: {{when}}",
                introduction: "Hello {{name}},\n\n“{{title}}” with {{host}} is in your calendar for {{when}}.")
        case .sessionCancelled:
            MessageTemplate(
                subject: "Cancelled: {{title}}, {{when}}",
                introduction: "Hello {{name}},\n\n“{{title}}” on {{when}} will not take place.")
        case .reminder:
            MessageTemplate(
                subject: "Reminder: {{title}}, {{when}}",
                introduction: "Hello {{name}},\n\n“{{title}}” with {{host}} begins soon: {{when}}.")
        }
    }
}

/// What a template can name.
package enum Placeholder: String, Sendable, CaseIterable {
    case organization
    /// Who invites.
    case inviter
    /// Who the mail is to.
    case name
    case role
    /// A session's.
    case title
    /// Day, time and time zone of who the mail is to.
    case when
    /// Who gives the session.
    case host
}
