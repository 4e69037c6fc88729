/// The colors that an organization's pages and mails carry.
package struct Palette: Sendable, Hashable, Codable {
    /// In the light theme.
    package let accent: SRGB
    /// In the dark theme.
    package let accentDark: SRGB

    package init(accent: SRGB, accentDark: SRGB) {
        self.accent = accent
        self.accentDark = accentDark
    }

    /// Our own: `--accent` of tokens.css.
    package static let standard = Palette(
        accent: SRGB(red: 0x40, green: 0x57, blue: 0xC2), accentDark: SRGB(red: 0x93, green: 0xAD, blue: 0xFE))

    /// What an accent may be written on: `--paper`, `--surface`, `--sunken` and `--hover` of tokens.css.
    package enum Surfaces {
        package static let light = [
            SRGB(red: 0xFB, green: 0xFA, blue: 0xF8), .white, SRGB(red: 0xF5, green: 0xF3, blue: 0xF0),
            SRGB(red: 0xF0, green: 0xEE, blue: 0xEB),
        ]
        package static let dark = [
            SRGB(red: 0x0F, green: 0x10, blue: 0x14), SRGB(red: 0x17, green: 0x18, blue: 0x1D),
            SRGB(red: 0x1E, green: 0x20, blue: 0x25), SRGB(red: 0x25, green: 0x27, blue: 0x2D),
        ]
    }

    /// What text needs (WCAG 2.2, 1.4.3, level AA).
    package static let neededContrast = 4.5

    /// The nearest color of the same hue that can be read on the light surfaces; the color itself where it can.
    package static func readableOnLight(_ color: SRGB) -> SRGB {
        readable(color, on: Surfaces.light, toward: .black)
    }

    /// As ``readableOnLight(_:)``, on the dark surfaces.
    package static func readableOnDark(_ color: SRGB) -> SRGB {
        readable(color, on: Surfaces.dark, toward: .white)
    }

    /// What stands for `accent` in the dark theme when nobody has chosen: lighter, calmer, and readable.
    package static func accentDark(for accent: SRGB) -> SRGB {
        if accent == standard.accent { return standard.accentDark }
        var color = OKLCH(accent)
        color.lightness = max(color.lightness, 0.76)
        color.chroma *= 0.7
        return readableOnDark(color.srgb)
    }

    private static func readable(_ color: SRGB, on surfaces: [SRGB], toward end: SRGB) -> SRGB {
        if color.leastContrast(with: surfaces) >= neededContrast { return color }
        return OKLCH(color).nearest(toward: end) { $0.leastContrast(with: surfaces) >= neededContrast }
    }
}

extension Palette {
    /// The three custom properties that follow from the palette, over those of tokens.css.
    package var styleSheet: String {
        let light = Shades(accent, softLightness: 0.955, softChroma: 0.13, toward: .white)
        let dark = Shades(accentDark, softLightness: 0.29, softChroma: 0.46, toward: .black)
        return """
            @layer tokens {
              :root {
                --accent: \(light.accent);
                --accent-soft: \(light.soft);
                --on-accent: \(light.on);
              }
              @supports (color: light-dark(#000, #fff)) {
                :root {
                  --accent: light-dark(\(light.accent), \(dark.accent));
                  --accent-soft: light-dark(\(light.soft), \(dark.soft));
                  --on-accent: light-dark(\(light.on), \(dark.on));
                }
              }
            }

            """
    }

    /// What one theme makes of its accent.
    struct Shades {
        let accent: SRGB
        /// What badges in the accent stand on: readable beneath it.
        let soft: SRGB
        /// Black or white, whichever is read better on the accent.
        let on: SRGB

        init(_ accent: SRGB, softLightness: Double, softChroma: Double, toward end: SRGB) {
            self.accent = accent
            var soft = OKLCH(accent)
            soft.lightness = softLightness
            soft.chroma *= softChroma
            self.soft = soft.nearest(toward: end) { $0.contrast(with: accent) >= Palette.neededContrast }
            on = accent.ink
        }
    }
}
