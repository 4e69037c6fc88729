import Values

// What is wrong with a text, in words that go on after the field's name; `nil` when it is right.
extension Schema {
    package static func flaw(in text: String, of lengths: ClosedRange<Int>) -> String? {
        // PostgreSQL's text cannot hold this one character.
        if text.unicodeScalars.contains("\0") { return "must not contain the character U+0000" }
        let length = text.unicodeScalars.count
        if length < lengths.lowerBound {
            return lengths.lowerBound == 1 ? "must not be empty" : "must have at least \(lengths.lowerBound) characters"
        }
        if length > lengths.upperBound { return "must have at most \(lengths.upperBound) characters" }
        if lengths.lowerBound > 0, text.allSatisfy(\.isWhitespace) { return "must not be blank" }
        return nil
    }

    package static func flaw(inLine text: String, of lengths: ClosedRange<Int>) -> String? {
        flaw(in: text, of: lengths, read: PlainText.line)
    }

    package static func flaw(inProse text: String, of lengths: ClosedRange<Int>) -> String? {
        flaw(in: text, of: lengths, read: PlainText.prose)
    }

    package static func flaw(inAddress text: String) -> String? {
        do throws(EmailAddress.Flaw) {
            _ = try EmailAddress(text)
            return nil
        } catch {
            return error.words
        }
    }

    private static func flaw(
        in text: String, of lengths: ClosedRange<Int>, read: (String) throws(TextFlaw) -> String
    ) -> String? {
        do throws(TextFlaw) {
            let cleaned = try read(text)
            // Composing can lengthen a text too.
            if max(text.unicodeScalars.count, cleaned.unicodeScalars.count) > lengths.upperBound {
                return "must have at most \(lengths.upperBound) characters"
            }
            guard lengths.lowerBound > 0 else { return nil }
            if text.isEmpty { return "must not be empty" }
            return PlainText.isVisible(cleaned) ? nil : TextFlaw.blank.words
        } catch {
            return error.words
        }
    }
}

extension TextFlaw {
    fileprivate var words: String {
        switch self {
        case .control: "must not contain line breaks or other control characters"
        case .direction: "must not contain characters that turn the direction of the text, such as U+202E"
        case .unusable: "must not contain codes that stand for no character, such as U+FFFE"
        case .blank: "must not be blank"
        }
    }
}

extension EmailAddress.Flaw {
    /// Goes on after a field's name.
    var words: String {
        switch self {
        case .notAnAddress: "must be an email address, such as ada@example.org"
        case .localPartNotASCII: "must have only unaccented Latin letters, digits and signs before the @"
        case .tooLong: "must have at most 64 characters before the @, and 254 in all"
        }
    }
}
