package import Values

/// Every provider that an account can be had with, each a folder of its own, in the order in which they are shown.
package enum ProviderCatalog {
    package static let all: [ProviderDescription] = [.zoom, .feishu]

    package static subscript(name: ProviderName) -> ProviderDescription? { all.first { $0.name == name } }
}
