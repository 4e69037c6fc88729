/// What people are told of something that went wrong, or well, before it has words: a code, and what the sentence has to
/// name. This is what the database and events keep; the sentence is made where it is shown, in its reader's language.
package struct Explanation: Sendable, Hashable, Codable {
    package enum Argument: Sendable, Hashable {
        case text(String)
        case number(Int)
        /// What lies behind it.
        case reason(Explanation)
    }

    /// Of an ``ExplanationCode``; kept as text, since another version of this program may have others.
    package let code: String
    package let arguments: [String: Argument]

    /// - Precondition: `arguments` are those of the code.
    package init(_ code: some ExplanationCode, _ arguments: [String: Argument] = [:]) {
        assert(Set(arguments.keys) == code.arguments, "\(code.rawValue) has other arguments than \(arguments.keys)")
        self.code = code.rawValue
        self.arguments = arguments
    }
}

/// What a context has to explain. `Sources/Web/Explanations.swift` has a sentence for each case of each such type, and no
/// two types have a case of one name.
package protocol ExplanationCode: RawRepresentable<String>, CaseIterable, Sendable {
    /// What its sentence may name.
    var arguments: Set<String> { get }
}

/// An error that people are told of.
package protocol Explained: Error {
    var explanation: Explanation { get }
}

extension Explanation.Argument {
    /// What somebody else wrote: cleaned, and its beginning.
    /// - Parameter longest: in Unicode scalars.
    package static func foreign(_ text: String, longest: Int = 200) -> Self {
        .text(PlainText.cleanedLine(String(text.unicodeScalars.prefix(longest))))
    }

    package static func provider(_ name: ProviderName) -> Self { .text(name.rawValue) }

    package var text: String? { if case .text(let text) = self { text } else { nil } }
}

extension Explanation.Argument: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .reason(try container.decode(Explanation.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .reason(let reason): try container.encode(reason)
        }
    }
}
