/// A meeting's title as a provider takes it.
enum Topic {
    /// The start of `text` that takes up at most `limit` UTF-16 units, and so at most as many code points, whichever of
    /// the two the provider counts. What people see as one sign (a flag, a letter with its accents) is kept whole or
    /// left out, unless it is the first and longer than the limit all by itself.
    static func cut(_ text: String, to limit: Int) -> String {
        var (kept, length) = ("", 0)
        for sign in text {
            guard length + sign.utf16.count <= limit else { break }
            kept.append(sign)
            length += sign.utf16.count
        }
        if !kept.isEmpty || text.isEmpty { return kept }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            length += UTF16.width(scalar)
            guard length <= limit else { break }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
