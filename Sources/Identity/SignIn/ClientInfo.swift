import Values

/// Where a request comes from, before anybody is known: what sign-ins are listed with and attempts are counted by.
package struct ClientInfo: Sendable, Hashable {
    /// The IP address.
    package let address: String?
    /// What the program says of itself (`User-Agent`); cut at 300 characters.
    package let agent: String?

    package init(address: String?, agent: String?) {
        self.address = address
        self.agent = agent.map { PlainText.cleanedLine(String($0.unicodeScalars.prefix(300))) }
    }
}
