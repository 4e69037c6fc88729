/// Text with `{{placeholders}}`. Braces are for them alone, so that a slip of the pen is found when it is saved and not
/// by whoever gets the mail.
enum PlaceholderText {
    enum Piece: Equatable {
        case text(Substring)
        /// What stands between `{{` and `}}`, without the spaces around it.
        case tag(String)
    }

    enum Fault: Error, Equatable {
        /// A brace that belongs to no `{{…}}`, by the number of its character, from 1.
        case unbalanced(at: Int)
        /// A tag that names nothing in this text, by the number of its first brace.
        case unknownTag(String, at: Int)
    }

    /// - Throws: the first fault.
    static func check(_ text: String, for allowed: [Placeholder]) throws(Fault) {
        var position = 1
        for piece in try pieces(of: text) {
            switch piece.piece {
            case .text: break
            case .tag(let name):
                guard allowed.contains(where: { $0.rawValue == name }) else {
                    throw .unknownTag(name, at: position)
                }
            }
            position += piece.length
        }
    }

    /// - Parameter text: one that was checked; what is at fault stays as it stands.
    static func filled(_ text: String, with values: [Placeholder: String]) -> String {
        guard let pieces = try? pieces(of: text) else { return text }
        return pieces.map { piece in
            switch piece.piece {
            case .text(let text): String(text)
            case .tag(let name): Placeholder(rawValue: name).flatMap { values[$0] } ?? ""
            }
        }.joined()
    }

    private static func pieces(of text: String) throws(Fault) -> [(piece: Piece, length: Int)] {
        var pieces: [(piece: Piece, length: Int)] = []
        var rest = text[...]
        var position = 1
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            let before = rest[..<brace]
            if !before.isEmpty { pieces.append((.text(before), before.count)) }
            position += before.count
            let opened = rest[brace...]
            let inside = opened.dropFirst(2)
            guard opened.hasPrefix("{{"), let end = inside.firstIndex(where: { $0 == "{" || $0 == "}" }),
                inside[end...].hasPrefix("}}")
            else { throw .unbalanced(at: position) }
            let length = inside[..<end].count + 4
            pieces.append((.tag(inside[..<end].trimmed), length))
            position += length
            rest = inside[end...].dropFirst(2)
        }
        if !rest.isEmpty { pieces.append((.text(rest), rest.count)) }
        return pieces
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }
}
