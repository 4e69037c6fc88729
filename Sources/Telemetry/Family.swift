import Synchronization

/// All series of one metric name.
final class Family: Sendable {
    enum Kind: String {
        case counter, gauge, histogram, summary
    }

    let name: String
    let kind: Kind
    private let limit: Int
    private let members = Mutex<[Labels: any Series]>([:])

    init(name: String, kind: Kind, limit: Int) {
        self.name = name
        self.kind = kind
        self.limit = limit
    }

    /// `nil` when this family's series are of another type.
    func series<S: Series>(for labels: Labels, make: () -> S) -> S? {
        members.withLock { members in
            if let known = members[labels] { return known as? S }
            guard members.isEmpty || members.first?.value is S else { return nil }
            // One place beyond the limit is for all the others.
            let place = members.count < limit ? labels : labels.others
            if let known = members[place] { return known as? S }
            let new = make()
            members[place] = new
            return new
        }
    }

    func forget(_ handler: AnyObject) {
        members.withLock { members in
            if let place = members.first(where: { $0.value === handler })?.key { members[place] = nil }
        }
    }

    func rendered() -> String {
        let sorted = members.withLock { $0 }.sorted { $0.key.text < $1.key.text }
        guard !sorted.isEmpty else { return "" }
        return sorted.reduce(into: Exposition.head(name, kind)) { text, member in
            text += member.value.lines(name, member.key)
        }
    }
}

/// The labels of one series, as they will be written: names made valid, values escaped, sorted by name.
struct Labels: Hashable, Sendable {
    private let names: [String]
    /// `route="/",status="200"`; empty without labels.
    let text: String

    init(_ pairs: [(String, String)]) {
        let byName = Dictionary(pairs.map { (Exposition.labelName($0), $1) }, uniquingKeysWith: { $1 })
        names = byName.keys.sorted()
        text = names.map { "\($0)=\"\(Exposition.escaped(byName[$0] ?? ""))\"" }.joined(separator: ",")
    }

    /// The same label names, each with the value `other`.
    var others: Labels { Labels(names.map { ($0, "other") }) }
}
