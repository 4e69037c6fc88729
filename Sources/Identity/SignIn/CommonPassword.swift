/// Whether a password is a common one with something around it. Everything here is in lower case.
enum CommonPassword {
    static func isDressedUp(_ text: String, _ common: Set<String>) -> Bool {
        let joined = String(text.filter { $0.isLetter || $0.isNumber })
        return [text, joined].contains { form in
            isCommon(form, common) || Leet.undone(inPartsOf: form).contains { isCommon($0, common) }
        }
    }

    private static func isCommon(_ text: String, _ common: Set<String>) -> Bool {
        if common.contains(text) { return true }
        let (before, core, after) = taken(apart: text)
        let inner = unit(of: String(core)) ?? String(core)
        if common.contains(inner) {
            // Around a word of three letters there may be a good password; around a longer one there seldom is.
            if inner.count > 3 || [before, after].allSatisfy({ isTrivial($0, common) }) { return true }
        }
        guard let unit = unit(of: text) else { return false }
        return isCommon(unit, common)
    }

    private static func isTrivial(_ edge: Substring, _ common: Set<String>) -> Bool {
        edge.count <= 3 || common.contains(String(edge)) || PasswordPattern.explains(String(edge))
    }

    /// Digits and signs before the first letter, everything up to the last letter, digits and signs after it.
    static func taken(apart text: String) -> (before: Substring, core: Substring, after: Substring) {
        guard let first = text.firstIndex(where: \.isLetter), let last = text.lastIndex(where: \.isLetter) else {
            return ("", text[...], "")
        }
        return (text[..<first], text[first...last], text[text.index(after: last)...])
    }

    /// What `text` is when it is the same thing two, three or more times.
    private static func unit(of text: String) -> String? {
        let characters = Array(text)
        guard characters.count >= 2 else { return nil }
        for length in 1...(characters.count / 2) where characters.count.isMultiple(of: length) {
            if (length..<characters.count).allSatisfy({ characters[$0] == characters[$0 - length] }) {
                return String(characters[..<length])
            }
        }
        return nil
    }
}

/// Digits and signs that stand for letters.
enum Leet {
    private static let letters: [Character: Character] = [
        "@": "a", "4": "a", "0": "o", "3": "e", "$": "s", "5": "s", "7": "t", "+": "t", "!": "i", "|": "l", "€": "e",
    ]

    static func undone(in text: String, oneIs one: Character = "i") -> String {
        String(text.map { $0 == "1" ? one : letters[$0] ?? $0 })
    }

    /// With the signs inside undone, and those at either end too or not at all: they may be letters or decoration.
    static func undone(inPartsOf text: String) -> [String] {
        let (before, core, after) = CommonPassword.taken(apart: text)
        return [before + core + after, before + core, core + after, core[...]].flatMap { part in
            [undone(in: String(part)), undone(in: String(part), oneIs: "l")]
        }
    }
}
