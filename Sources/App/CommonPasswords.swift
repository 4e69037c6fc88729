import Identity

extension Settings {
    /// The rules with the list of common passwords, read once at the start.
    /// - Throws: ``SettingsError`` when the list cannot be read.
    func passwordRules() throws -> PasswordRules {
        do {
            return try PasswordRules(listAt: commonPasswordsPath)
        } catch {
            throw SettingsError(
                name: "CONVENE_COMMON_PASSWORDS",
                expectation: "a list of common passwords that can be read, such as that of Debian's package john-data")
        }
    }
}
