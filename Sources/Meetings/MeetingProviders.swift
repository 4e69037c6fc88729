package import Values

/// The providers that this installation has an account with.
package struct MeetingProviders: Sendable {
    private let providers: [ProviderName: any MeetingProvider]

    package init(_ providers: [any MeetingProvider]) {
        self.providers = Dictionary(providers.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// `nil` when there is no account with it.
    package subscript(name: ProviderName) -> (any MeetingProvider)? { providers[name] }

    /// In the order in which they are offered.
    package var names: [ProviderName] { ProviderName.allCases.filter { providers[$0] != nil } }
}
