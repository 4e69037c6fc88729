/// What the sign-in page shows.
struct SignInPage: Sendable {
    struct Account: Sendable {
        let email: String, password: String, role: String
    }

    let next: String
    let email: String?
    let error: String?
    /// What is wrong with the address, for who wants a link mailed.
    let emailError: String?
    /// Neither.
    let isFresh: Bool
    let canSignUp: Bool
    let demo: Bool
    let accounts: [Account]
    let hasDemoMails: Bool

    init(
        next: String, email: String? = nil, error: String? = nil, emailError: String? = nil, canSignUp: Bool,
        accounts: [Account], hasDemoMails: Bool
    ) {
        self.next = Self.isOurs(next) ? next : "/week"
        self.email = email
        self.error = error
        self.emailError = emailError
        isFresh = error == nil && emailError == nil
        self.canSignUp = canSignUp
        self.accounts = accounts
        self.hasDemoMails = hasDemoMails
        demo = !accounts.isEmpty
    }

    /// A path on this server: nobody is sent elsewhere from here.
    static func isOurs(_ path: String) -> Bool {
        path.hasPrefix("/") && !path.hasPrefix("//") && !path.contains("\\")
            && path.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    }
}
