import Foundation
import Values

/// A color by lightness (0 to 1), chroma and hue (radians) in the OKLab space, where equal steps look equal, as the
/// style sheets' `oklch()` writes it (CSS Color 4, 9.3; matrices by Björn Ottosson).
struct OKLCH: Sendable {
    var lightness: Double
    var chroma: Double
    var hue: Double

    init(lightness: Double, chroma: Double, hue: Double) {
        self.lightness = lightness
        self.chroma = chroma
        self.hue = hue
    }

    init(_ color: SRGB) {
        let (red, green, blue) = (SRGB.linear(color.red), SRGB.linear(color.green), SRGB.linear(color.blue))
        let l = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let m = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let s = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        let a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
        let b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
        self.init(
            lightness: 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, chroma: hypot(a, b), hue: atan2(b, a))
    }

    /// The nearest color that a screen can show, with the same lightness and hue: chroma gives way.
    var srgb: SRGB {
        if let shown = channels(chroma: chroma) { return shown }
        var (inside, outside) = (0.0, chroma)
        for _ in 0..<24 {
            let middle = (inside + outside) / 2
            if channels(chroma: middle) == nil { outside = middle } else { inside = middle }
        }
        // Lightness beyond black and white is shown as those.
        return channels(chroma: inside) ?? (lightness > 0.5 ? .white : .black)
    }

    private func channels(chroma: Double) -> SRGB? {
        let (a, b) = (chroma * cos(hue), chroma * sin(hue))
        let l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3)
        let m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3)
        let s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3)
        guard let red = Self.channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            let green = Self.channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            let blue = Self.channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
        else { return nil }
        return SRGB(red: red, green: green, blue: blue)
    }

    /// `nil` for light that no screen has. What rounding leaves over is not counted.
    private static func channel(_ linear: Double) -> UInt8? {
        guard (-0.0001...1.0001).contains(linear) else { return nil }
        let light = min(max(linear, 0), 1)
        let value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
        return UInt8(saturating: (value * 255).rounded())
    }

    /// Goes from here toward white or black in steps of lightness that nobody sees, to the first color that `suits`;
    /// white or black itself when none does.
    func nearest(toward end: SRGB, where suits: (SRGB) -> Bool) -> SRGB {
        let step = end == .white ? 0.002 : -0.002
        var candidate = self
        while candidate.lightness > 0, candidate.lightness < 1 {
            let shown = candidate.srgb
            if suits(shown) { return shown }
            candidate.lightness += step
        }
        return end
    }
}
