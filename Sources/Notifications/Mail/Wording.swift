/// An organisation's own subject and introduction of its invitations. `{{organization}}`, `{{inviter}}`, `{{name}}` and
/// `{{role}}` stand for what they say; nothing else does, and whatever is put in is text.
package struct Wording: Codable, Sendable, Equatable {
    package static let tags = ["organization", "inviter", "name", "role"]

    let subject: String
    let introduction: String

    /// - Parameters:
    ///   - subject: 1 to 200 characters, on one line.
    ///   - introduction: 1 to 4,000 characters; an empty line parts paragraphs.
    /// - Throws: ``WordingError``
    package init(subject: String, introduction: String) throws(WordingError) {
        guard (1...200).contains(subject.unicodeScalars.count),
            subject.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw .subject }
        guard (1...4000).contains(introduction.unicodeScalars.count) else { throw .introduction }
        for text in [subject, introduction] {
            for tag in text.matches(of: /\{\{(.*?)\}\}/.dotMatchesNewlines())
            where !Self.tags.contains(Self.name(tag.1)) {
                throw .unknownTag(String(tag.1.prefix(40)))
            }
        }
        self.subject = subject
        self.introduction = introduction
    }

    func filled(with values: [String: String]) -> (subject: String, introduction: String) {
        func fill(_ text: String) -> String {
            // In one pass: a name that looks like a tag is not one.
            text.replacing(/\{\{(.*?)\}\}/) { values[Self.name($0.1)] ?? String($0.0) }
        }
        return (fill(subject), fill(introduction))
    }

    private static func name(_ tag: Substring) -> String { tag.split(separator: " ").joined(separator: " ") }
}

/// What is wrong with an organisation's own wording.
package enum WordingError: Error, Equatable {
    case subject, introduction
    case unknownTag(String)
}
