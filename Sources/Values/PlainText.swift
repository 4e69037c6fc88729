import Foundation

/// Why a text is not taken as it is.
package enum TextFlaw: Error, Equatable {
    /// A control character; in one line also a break.
    case control
    /// A character that turns the text after it around, whoever wrote that: U+202A to U+202E, U+2066 to U+2069.
    case direction
    /// A code that is no character, or that steers programs nobody has any more.
    case unusable
    /// Nothing to be seen.
    case blank
}

/// The rules for text that people write and others read, once for every way in.
///
/// What a script needs stays: the marks of Arabic and Hebrew, the joiners of Persian and of emoji, the tags of a flag.
package enum PlainText {
    /// For titles and names: no breaks, no tabs. What surrounds it is taken off, and it is composed (NFC), so that what
    /// looks the same is the same. May be empty.
    package static func line(_ text: String) throws(TextFlaw) -> String {
        let text = composed(trimmed(text))
        try check(text) { _ in false }
        return text
    }

    /// For what may have several lines: breaks of every kind become line feeds, and tabs stay. May be empty.
    package static func prose(_ text: String) throws(TextFlaw) -> String {
        var lines = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in trimmed(text).unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append("\n")
            default: lines.append(scalar)
            }
            previous = scalar
        }
        let text = composed(String(lines))
        try check(text) { $0 == "\n" || $0 == "\t" }
        return text
    }

    /// The line that a text from elsewhere comes closest to, for what cannot be asked for again: controls are a blank,
    /// and what else ``line(_:)`` refuses is gone. May be empty.
    package static func cleanedLine(_ text: String) -> String { cleaned(text) { _ in false } }

    /// The same for a sentence of ours, in which the isolates around what people wrote (``Swift/String/isolated``) stay.
    package static func cleanedSentence(_ text: String) -> String {
        cleaned(text) { $0 == "\u{2068}" || $0 == "\u{2069}" }
    }

    private static func cleaned(_ text: String, keeping isKept: (Unicode.Scalar) -> Bool) -> String {
        var line = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch flaw(of: scalar, after: previous) {
            case nil: line.append(scalar)
            case .direction where isKept(scalar): line.append(scalar)
            case .control where previous.flatMap { flaw(of: $0, after: nil) } == .control: break
            case .control: line.append(" ")
            case .direction, .unusable, .blank: break
            }
            previous = scalar
        }
        return composed(trimmed(String(line)))
    }

    /// Whether there is anything to be seen: a blank, an invisible filler or a mark without a letter is nothing.
    package static func isVisible(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            if scalar.isASCII { return scalar.value > 0x20 && scalar.value < 0x7F }
            guard !scalar.properties.isDefaultIgnorableCodePoint, !isBlank(scalar) else { return false }
            return switch scalar.properties.generalCategory {
            case .control, .format, .nonspacingMark, .enclosingMark, .spacingMark, .lineSeparator, .paragraphSeparator,
                .spaceSeparator, .surrogate:
                false
            default: true
            }
        }
    }

    /// Whether it is a blank, or looks like one or like nothing at the ends of a text.
    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{AD}", "\u{115F}", "\u{1160}", "\u{180E}", "\u{200B}", "\u{2060}", "\u{2800}", "\u{3164}", "\u{FEFF}",
            "\u{FFA0}":
            true
        default: scalar.properties.isWhitespace
        }
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    private static func composed(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
    }

    private static func check(_ text: String, allowing isAllowed: (Unicode.Scalar) -> Bool) throws(TextFlaw) {
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let flaw = flaw(of: scalar, after: previous), !isAllowed(scalar) { throw flaw }
            previous = scalar
        }
    }

    private static func flaw(of scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> TextFlaw? {
        switch scalar.value {
        case 0x20...0x7E: nil
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: .control
        case 0x202A...0x202E, 0x2066...0x2069: .direction
        // Annotations, deprecated formats, and noncharacters.
        case 0xFFF9...0xFFFB, 0x206A...0x206F, 0xFDD0...0xFDEF: .unusable
        case let value where value & 0xFFFE == 0xFFFE: .unusable
        // Tags spell the name of a region behind a black flag; anywhere else they are a text that nobody sees.
        case 0xE0000...0xE007F:
            previous.map { $0.value == 0x1F3F4 || (0xE0020...0xE007E).contains($0.value) } == true ? nil : .unusable
        default: nil
        }
    }
}
