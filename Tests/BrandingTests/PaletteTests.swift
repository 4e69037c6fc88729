import Foundation
import Testing

@testable import Branding

@Suite struct PaletteTests {
    private static func color(_ text: String) throws -> SRGB { try #require(SRGB(text)) }

    /// Ratios as published calculators of WCAG 2 give them, to two digits.
    @Test(arguments: [
        ("#767676", "#ffffff", 4.54), ("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0), ("#0000ff", "#ffffff", 8.59), ("#00ff00", "#ffffff", 1.37),
        ("#595959", "#ffffff", 7.0), ("#123456", "#123456", 1),
    ]) func `contrast is what WCAG says`(one: String, two: String, ratio: Double) throws {
        let (one, two) = (try Self.color(one), try Self.color(two))

        #expect(abs(one.contrast(with: two) - ratio) < 0.006)
        #expect(one.contrast(with: two) == two.contrast(with: one))
    }

    @Test(arguments: [
        "#40577", "#4057c2f", "4057c2", "#4057g2", "#4057C２", "", "#", "red", "#+057c2", " #4057c2", "#4057c2\n",
    ])
    func `what is not a hash and six hexadecimal digits is no color`(text: String) {
        #expect(SRGB(text) == nil)
    }

    @Test func `a color is written in lower case`() throws {
        #expect(try Self.color("#AbCdEf").description == "#abcdef")
    }

    @Test func `every color survives the way to OKLCH and back`() {
        for number in stride(from: 0, to: 1 << 24, by: 4_999) {
            let color = SRGB(
                red: UInt8(number >> 16), green: UInt8(number >> 8 & 0xFF), blue: UInt8(number & 0xFF))
            #expect(OKLCH(color).srgb == color)
        }
    }

    /// Across the whole cube: what we propose can be read, keeps its hue, and what is readable already is left alone.
    @Test func `a proposal is readable and of the same hue`() {
        for number in stride(from: 0, to: 1 << 24, by: 70_001) {
            let color = SRGB(
                red: UInt8(number >> 16), green: UInt8(number >> 8 & 0xFF), blue: UInt8(number & 0xFF))
            for (proposal, surfaces) in [
                (Palette.readableOnLight(color), Palette.Surfaces.light),
                (Palette.readableOnDark(color), Palette.Surfaces.dark),
            ] {
                #expect(proposal.leastContrast(with: surfaces) >= 4.5, "\(color) to \(proposal)")
                if color.leastContrast(with: surfaces) >= 4.5 { #expect(proposal == color) }
                let (before, after) = (OKLCH(color), OKLCH(proposal))
                guard before.chroma > 0.03, after.chroma > 0.03 else { continue }
                let turn = abs(remainder(before.hue - after.hue, 2 * .pi))
                #expect(turn < 0.12, "\(color) to \(proposal)")
            }
        }
    }

    @Test func `a proposal is the nearest: a step less would not do`() throws {
        let proposal = Palette.readableOnLight(try Self.color("#ffa500"))
        var before = OKLCH(proposal)
        before.lightness += 0.006

        #expect(before.srgb.leastContrast(with: Palette.Surfaces.light) < 4.5)
    }

    @Test(arguments: ["#000000", "#0b6e4f", "#8a1c1c", "#4057c2", "#5b2a86", "#6b5900", "#595959"])
    func `all that follows from an accent can be read`(accent: String) throws {
        let accent = try Self.color(accent)
        let palette = Palette(accent: accent, accentDark: Palette.accentDark(for: accent))
        #expect(palette.accentDark.leastContrast(with: Palette.Surfaces.dark) >= 4.5)

        let light = Palette.Shades(palette.accent, softLightness: 0.955, softChroma: 0.13, toward: .white)
        let dark = Palette.Shades(palette.accentDark, softLightness: 0.29, softChroma: 0.46, toward: .black)
        for shades in [light, dark] {
            #expect(shades.accent.contrast(with: shades.on) >= 4.5)
            #expect(shades.accent.contrast(with: shades.soft) >= 4.5)
        }
        #expect(light.on == .white)
        #expect(dark.on == .black)
    }

    @Test func `our own accent has our own dark one`() {
        #expect(Palette.accentDark(for: Palette.standard.accent) == Palette.standard.accentDark)
    }

    // MARK: tokens.css

    /// The two `oklch()` of a token, light and dark, as sRGB.
    private static func token(_ name: String) throws -> (light: SRGB, dark: SRGB) {
        let sheet = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Web/Resources/shared/tokens.css")
        let text = try String(contentsOf: sheet, encoding: .utf8)
        let pattern = try Regex("--\(name): light-dark\\(oklch\\(([^)]*)\\), oklch\\(([^)]*)\\)\\)")
        let match = try #require(text.firstMatch(of: pattern))
        func color(_ index: Int) throws -> SRGB {
            let numbers = try #require(match.output[index].substring).split(separator: " ").compactMap { Double($0) }
            try #require(numbers.count == 3)
            return OKLCH(lightness: numbers[0], chroma: numbers[1], hue: numbers[2] * .pi / 180).srgb
        }
        return (try color(1), try color(2))
    }

    @Test func `the surfaces are those of the style sheet`() throws {
        let tokens = try ["paper", "surface", "sunken", "hover"].map(Self.token)

        #expect(tokens.map(\.light) == Palette.Surfaces.light)
        #expect(tokens.map(\.dark) == Palette.Surfaces.dark)
    }

    @Test func `our own palette is that of the style sheet`() throws {
        let accent = try Self.token("accent")

        #expect(Palette.standard == Palette(accent: accent.light, accentDark: accent.dark))
    }
}
