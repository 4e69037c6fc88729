import Foundation

/// Decides whether a password that somebody wants to use from now on is strong enough.
///
/// By length and by what attackers try first, as NIST SP 800-63B revision 4 (3.1.1.2) and OWASP ASVS 5.0 (6.2) ask:
/// no rules on which kinds of characters it must hold. A password is brought to Unicode's form NFC before it is
/// looked at, and ``Passwords`` does the same before it hashes, so that a keyboard that composes its letters
/// differently signs in too.
package struct PasswordRules: Sendable {
    /// In Unicode scalars, as are all lengths here.
    package static let allowedLength = 12...1024

    /// In lower case.
    let common: Set<String>

    package init(common: some Sequence<String>) {
        self.common = Set(common.lazy.map { $0.lowercased() }.filter { !$0.isEmpty })
    }

    /// The list is not there, cannot be read or has no password in it.
    package struct UnreadableList: Error {}

    /// Reads a list with one password a line, such as `password.lst` of Debian's package john-data. Lines that begin
    /// with `#!comment` are skipped.
    /// - Throws: ``UnreadableList``
    package init(listAt path: String) throws(UnreadableList) {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { throw UnreadableList() }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        self.init(common: lines.lazy.filter { !$0.hasPrefix("#!comment") }.map(String.init))
        guard !common.isEmpty else { throw UnreadableList() }
    }

    /// What is wrong with it, or `nil`.
    package func weakness(of password: String, chosenBy owner: Owner) -> PasswordWeakness? {
        let scalars = password.precomposedStringWithCanonicalMapping.unicodeScalars
        if scalars.count < Self.allowedLength.lowerBound { return .tooShort }
        if scalars.count > Self.allowedLength.upperBound { return .tooLong }
        let text = String(scalars).lowercased()
        if PasswordPattern.explains(text) { return .pattern }
        if CommonPassword.isDressedUp(text, common) { return .common }
        if owner.explains(text, common) { return .personal }
        return nil
    }
}

extension PasswordRules {
    /// Who chooses the password: what others know of them is tried first.
    package struct Owner: Sendable {
        let words: [String]

        /// - Parameter organizations: the names of those that they belong to or were invited to.
        package init(name: String, email: String, organizations: [String] = []) {
            let texts = [name, email, "convene"] + organizations
            let words = texts.flatMap { Self.folded($0).split { !$0.isLetter } }
            // A pair of Latin letters is in too many words; a pair of ideographs is a name.
            self.words = Set(words.filter { $0.count > ($0.utf8.count == $0.count ? 2 : 1) }.map(String.init))
                .sorted { ($0.count, $0) > ($1.count, $1) }
        }

        /// Whether little or nothing is left of `text` once their own words and what surrounds them are taken out.
        func explains(_ text: String, _ common: Set<String>) -> Bool {
            let forms = Set([text, Leet.undone(in: text)].map(Self.folded))
            return forms.contains { form in
                let rest = words.reduce(form) { $0.replacing($1, with: " ") }
                guard rest != form else { return false }
                let letters = rest.split(separator: " ").joined().trimmingPrefix { !$0.isLetter }
                let core = String(letters.reversed().drop { !$0.isLetter }.reversed())
                return core.count < 5 || CommonPassword.isDressedUp(core, common)
            }
        }

        private static func folded(_ text: String) -> String {
            text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
                .map { plain[$0] ?? String($0) }.joined()
        }

        /// Letters that Unicode does not take apart.
        private static let plain: [Character: String] = [
            "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        ]
    }
}

/// Why a password is not strong enough.
package enum PasswordWeakness: String, Error, Sendable, CaseIterable {
    case tooShort, tooLong
    /// It is one of the passwords that everybody tries, or one of them dressed up.
    case common
    /// It repeats itself, or runs along the alphabet, the digits or the keyboard.
    case pattern
    /// It is made of the person's own name, address or organization, or of ours.
    case personal

    /// One sentence for the person: what to do.
    package var advice: String {
        switch self {
        case .tooShort: "Use at least 12 characters; a few words with spaces between them are easy to remember."
        case .tooLong: "Use at most 1,024 characters."
        case .common:
            "This is close to a password that many people use; take several words that have nothing in common."
        case .pattern: "This repeats itself or follows the keyboard; take several words that have nothing in common."
        case .personal: "Leave out your name, your address, your organization and “convene”; others would guess them."
        }
    }
}
