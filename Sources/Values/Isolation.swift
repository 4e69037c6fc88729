extension String {
    /// What somebody wrote, set apart from the sentence of ours that it stands in, so that neither turns the words of the
    /// other around (UAX #9: FSI and PDI). Text that cannot do so is returned as it is.
    ///
    /// Where there are elements, `<bdi>` and `dir="auto"` do the same; this is for titles, labels and plain mails.
    package var isolated: String {
        guard unicodeScalars.contains(where: \.turnsDirection) else { return self }
        // A control of its own could end the isolation, or turn what it isolates.
        let text = unicodeScalars.filter { !$0.isDirectionControl }
        return "\u{2068}\(String(String.UnicodeScalarView(text)))\u{2069}"
    }
}

extension Unicode.Scalar {
    /// Whether it is written from right to left, or is a control that says so.
    fileprivate var turnsDirection: Bool {
        switch value {
        case 0x0590...0x08FF, 0x200F, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: isDirectionControl
        }
    }

    fileprivate var isDirectionControl: Bool {
        switch value {
        case 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
