import Access

/// What a demo offers on its sign-in page. A server that is none has no such value.
struct DemoOffer: Sendable {
    /// Somebody whom anybody may be by one click.
    struct Account: Sendable {
        let email: String, password: String, name: String, role: String
        /// The name of theirs; `nil` for who looks after all.
        let organization: String?
    }

    /// An organization's accounts.
    struct Company: Sendable {
        let name: String, accounts: [Account]
    }

    let accounts: [Account]
    /// Whether there is a page of its mails.
    let hasMails: Bool

    /// One of each role, those first who do the most.
    var first: [Account] {
        let wanted = [Role.counselor, .admin, .mentor, .student, .superAdmin].map(\.label)
        return wanted.compactMap { role in accounts.first { $0.role == role } }
    }

    /// All others, by their organization in the order of the accounts.
    var others: [Company] {
        let shown = Set(first.map(\.email))
        var companies: [(name: String, accounts: [Account])] = []
        for account in accounts where !shown.contains(account.email) {
            guard let name = account.organization else { continue }
            if companies.last?.name == name {
                companies[companies.count - 1].accounts.append(account)
            } else {
                companies.append((name, [account]))
            }
        }
        return companies.map(Company.init)
    }
}
