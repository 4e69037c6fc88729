/// Keeps secrets out of the log. It goes by names, so a secret must never be part of a message.
enum Redaction {
    static let mask = "[redacted]"

    /// Written without the signs between words: `apikey` stands for `api_key`, `api-key` and `apiKey` too.
    private static let secretive = [
        "password", "passcode", "passphrase", "secret", "token", "authorization", "cookie", "credential", "apikey",
        "privatekey",
    ]

    /// Whether what is logged under this name is masked: `password`, `X-Api-Key`, `zoom.clientSecret` …
    static func hides(_ name: String) -> Bool {
        let plain = name.lowercased().filter { $0 != "_" && $0 != "-" }
        return secretive.contains { plain.contains($0) }
    }

    /// A header's value that got under an innocent name.
    static func masked(_ value: String) -> String {
        let start = value.prefix(7).lowercased()
        return start.hasPrefix("bearer ") || start.hasPrefix("basic ") ? mask : value
    }
}
