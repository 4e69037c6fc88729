package import Values

/// The providers that this installation is set up for.
package struct MeetingProviders: Sendable {
    private let byName: [ProviderName: any MeetingProvider]

    /// - Precondition: No two have the same name.
    package init(_ providers: [any MeetingProvider]) {
        byName = Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) })
    }

    /// `nil` when the installation is not set up for it.
    package subscript(name: ProviderName) -> (any MeetingProvider)? { byName[name] }

    package var names: Set<ProviderName> { Set(byName.keys) }
}
