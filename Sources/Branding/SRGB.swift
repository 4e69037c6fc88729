import Foundation
import Values

/// A color of the sRGB space with eight bits a channel, written as `#rrggbb`.
package struct SRGB: Sendable, Hashable {
    package let red: UInt8, green: UInt8, blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    package static let black = SRGB(red: 0, green: 0, blue: 0)
    package static let white = SRGB(red: 255, green: 255, blue: 255)
}

extension SRGB: LosslessStringConvertible {
    /// `nil` for anything but a `#` and six hexadecimal digits.
    package init?(_ text: String) {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "#"), digits.count == 6,
            digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let number = UInt32(text.dropFirst(), radix: 16)
        else { return nil }
        self.init(
            red: UInt8(number >> 16 & 0xFF), green: UInt8(number >> 8 & 0xFF), blue: UInt8(number & 0xFF))
    }

    /// In lower case.
    package var description: String {
        "#" + [red, green, blue].hex
    }
}

extension SRGB: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let color = SRGB(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not #rrggbb")
        }
        self = color
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

// MARK: - Contrast

extension SRGB {
    /// A channel's light, 0 to 1, from its eight bits (WCAG 2.2, relative luminance).
    static func linear(_ channel: UInt8) -> Double {
        let value = Double(channel) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    /// Relative luminance (WCAG 2.2): 0 for black, 1 for white.
    package var luminance: Double {
        0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
    }

    /// Contrast ratio (WCAG 2.2): from 1, for two of the same luminance, to 21.
    package func contrast(with other: SRGB) -> Double {
        let (one, two) = (luminance, other.luminance)
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// The contrast with whichever of `others` is worst, of which there must be one.
    package func leastContrast(with others: [SRGB]) -> Double {
        others.map(contrast).min() ?? 1
    }
}
