/// The statements that one connection has prepared, by their text; the one unused for longest makes room.
struct PreparedStatements {
    private struct Entry {
        let name: String
        var lastUse: Int
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var uses = 0
    private var names = 0
    /// Names that the server still knows and nobody uses any more.
    private(set) var discarded: [String] = []

    init(capacity: Int = 256) {
        self.capacity = capacity
    }

    mutating func name(for text: String) -> String? {
        uses += 1
        guard let index = entries.index(forKey: text) else { return nil }
        entries.values[index].lastUse = uses
        return entries.values[index].name
    }

    /// A name that was never used on this connection.
    mutating func freshName() -> String {
        names += 1
        return "s\(names)"
    }

    /// The server has prepared `text` as `name`.
    mutating func prepared(_ text: String, as name: String) {
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            forget(oldest.key)
        }
        entries[text] = Entry(name: name, lastUse: uses)
    }

    /// It will be prepared anew, under another name, when it is wanted next.
    mutating func forget(_ text: String) {
        if let entry = entries.removeValue(forKey: text) { discarded.append(entry.name) }
    }

    mutating func takeDiscarded() -> [String] {
        defer { discarded = [] }
        return discarded
    }
}
