import Values

/// How an admin wants the organization to look and write, as they typed it.
package struct BrandingDraft: Sendable {
    package let logoUrl: String?
    package let accent: String?
    package let accentDark: String?
    package let templates: [MessageKind: MessageTemplate]

    /// - Parameters:
    ///   - accent: `nil`: ours.
    ///   - accentDark: `nil`: the one that follows from `accent`.
    ///   - templates: what is missing is worded as we do.
    package init(
        logoUrl: String?, accent: String?, accentDark: String?, templates: [MessageKind: MessageTemplate]
    ) {
        self.logoUrl = logoUrl
        self.accent = accent
        self.accentDark = accentDark
        self.templates = templates
    }

    /// - Throws: ``BrandingError/refused(_:)`` with everything that is wrong.
    func checked() throws(BrandingError) -> Brand {
        var faults: [BrandingError.Fault] = []
        var logo: LogoURL?
        if let logoUrl {
            do throws(LogoURL.Fault) { logo = try LogoURL(logoUrl) } catch {
                faults.append(.init(field: "logoUrl", reason: .logo(error)))
            }
        }
        let light = color(
            accent, at: "palette.accent", on: Palette.Surfaces.light, nearest: Palette.readableOnLight, &faults)
        let dark = color(
            accentDark, at: "palette.accentDark", on: Palette.Surfaces.dark, nearest: Palette.readableOnDark, &faults)
        for kind in MessageKind.allCases {
            guard let template = templates[kind] else { continue }
            faults += template.faults(in: kind)
        }
        guard faults.isEmpty else { throw .refused(faults) }
        let accent = light ?? Palette.standard.accent
        return Brand(
            logo: logo, palette: Palette(accent: accent, accentDark: dark ?? Palette.accentDark(for: accent)),
            templates: templates, version: 0)
    }

    private func color(
        _ text: String?, at field: String, on surfaces: [SRGB], nearest: (SRGB) -> SRGB,
        _ faults: inout [BrandingError.Fault]
    ) -> SRGB? {
        guard let text else { return nil }
        guard let color = SRGB(text) else {
            faults.append(.init(field: field, reason: .notAColor))
            return nil
        }
        let contrast = color.leastContrast(with: surfaces)
        if contrast < Palette.neededContrast {
            faults.append(.init(field: field, reason: .contrast(contrast, nearest: nearest(color))))
        }
        return color
    }
}

extension MessageTemplate {
    fileprivate func faults(in kind: MessageKind) -> [BrandingError.Fault] {
        let field = "templates.\(kind.rawValue)"
        var faults: [BrandingError.Fault] = []
        func check(_ text: String, _ name: String) {
            do throws(PlaceholderText.Fault) { try PlaceholderText.check(text, for: kind.placeholders) } catch {
                let reason: BrandingError.Reason =
                    switch error {
                    case .unbalanced(let position): .unbalanced(at: position)
                    case .unknownTag(let tag, let position): .unknownTag(tag, at: position, kind.placeholders)
                    }
                faults.append(.init(field: "\(field).\(name)", reason: reason))
            }
        }
        if (try? PlainText.line(subject)) == nil {
            faults.append(.init(field: "\(field).subject", reason: .severalLines))
        }
        check(subject, "subject")
        check(introduction, "introduction")
        return faults
    }
}

/// Why an organization's branding was not changed.
package enum BrandingError: Error, Equatable {
    case refused([Fault])
    /// Somebody has changed it since the version that this change is based on.
    case staleVersion(current: Int)

    /// One field that cannot be taken.
    package struct Fault: Sendable, Equatable {
        /// Dotted path in the document that `PUT …/branding` takes.
        package let field: String
        package let reason: Reason
    }

    package enum Reason: Sendable, Equatable {
        case notAColor
        /// Too little contrast with the worst of our surfaces, and the nearest color of the same hue that has enough.
        case contrast(Double, nearest: SRGB)
        case logo(LogoURL.Fault)
        case severalLines
        /// A brace that belongs to no placeholder, by the number of its character, from 1.
        case unbalanced(at: Int)
        /// What there may be instead is in `Placeholder`.
        case unknownTag(String, at: Int, [Placeholder])
    }
}
