import Values

/// How an organization looks and writes, with our own look and words wherever it has none.
package struct Brand: Sendable {
    package let logo: LogoURL?
    package let palette: Palette
    /// Those that the organization worded itself.
    let templates: [MessageKind: MessageTemplate]
    /// Rises with every change; 0 while nothing was ever set.
    package let version: Int

    package func template(_ kind: MessageKind) -> MessageTemplate { templates[kind] ?? kind.standard }
}
