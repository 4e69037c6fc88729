/// A part of an account at a provider: how it is called, in the API and on the page, and what may stand in it.
package struct AccountField: Sendable {
    package enum Form: Sendable {
        /// Text that a regular expression describes wholly; `problem` says so to people.
        case text(longest: Int, pattern: String, problem: String)
        case choice([Choice])
    }

    package struct Choice: Sendable {
        package let value: String
        package let label: String
    }

    /// In the API, and where the account is stored.
    package let name: String
    package let label: String
    /// For people who enter it.
    package let hint: String
    /// For programs that do.
    package let note: String?
    package let form: Form
    package let isOptional: Bool

    init(
        _ name: String, _ label: String, hint: String = "", note: String? = nil, _ form: Form, isOptional: Bool = false
    ) {
        self.name = name
        self.label = label
        self.hint = hint
        self.note = note
        self.form = form
        self.isOptional = isOptional
    }

    /// What is wrong with `value`, in words for who entered it.
    package func flaw(in value: String) -> String? {
        switch form {
        case .text(_, let pattern, let problem):
            let isWhole = (try? Regex(pattern).wholeMatch(in: value)) ?? nil
            return isWhole == nil ? problem : nil
        case .choice(let choices):
            return choices.contains { $0.value == value }
                ? nil : "must be one of \(choices.map(\.value).joined(separator: ", "))"
        }
    }
}

extension AccountField.Form {
    /// As providers make them.
    static let identifier = Self.text(
        longest: 100, pattern: "[A-Za-z0-9_.-]+",
        problem: "may hold letters, digits, '_', '-' and '.' only: copy it again")

    static let secret = Self.text(
        longest: 200, pattern: "[!-~]+",
        problem: "must have neither spaces nor letters beyond ASCII: copy it again")
}
