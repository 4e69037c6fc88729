package import Values

/// Somebody who has signed in, and where their request comes from.
package struct Person: Sendable, Hashable {
    package let user: UserID
    package let signIn: SignInID
    /// The IP address; `nil` where it is not known.
    package let address: String?

    package init(_ principal: Principal, address: String?) {
        user = principal.user
        signIn = principal.signIn
        self.address = address
    }
}

/// Whom a token or key stands for.
package struct Principal: Sendable, Hashable {
    package let user: UserID
    package let signIn: SignInID

    package init(user: UserID, signIn: SignInID) {
        self.user = user
        self.signIn = signIn
    }
}
