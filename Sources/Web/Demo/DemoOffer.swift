/// What a demo offers on its sign-in page; nothing on a server that is none.
struct DemoOffer: Sendable {
    struct Account: Sendable {
        let email: String, password: String, role: String
    }

    let accounts: [Account]
    /// Whether there is a page of its mails.
    let hasMails: Bool
}
