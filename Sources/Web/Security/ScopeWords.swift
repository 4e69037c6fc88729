/// What a key for programs may do, by area, in words for the one who makes it.
struct ScopeArea: Sendable {
    let name: String
    let choices: [Choice]

    /// - Parameter scopes: such as `sessions:read`, those of an area together.
    static func areas(of scopes: [String]) -> [ScopeArea] {
        var areas: [ScopeArea] = []
        for scope in scopes {
            let parts = scope.split(separator: ":")
            guard parts.count == 2 else { continue }
            let name = parts[0].prefix(1).uppercased() + parts[0].dropFirst()
            let label = parts[1] == "read" ? "Look" : "Change"
            let choice = Choice(value: scope, label: label, hint: hints[scope] ?? scope)
            if areas.last?.name == name, let area = areas.popLast() {
                areas.append(ScopeArea(name: name, choices: area.choices + [choice]))
            } else {
                areas.append(ScopeArea(name: name, choices: [choice]))
            }
        }
        return areas
    }

    /// On one line, for a key that there is.
    static func words(for scopes: [String]) -> String {
        areas(of: scopes).map { area in
            "\(area.name): \(area.choices.map { $0.label.lowercased() }.joined(separator: " and "))"
        }.joined(separator: " · ")
    }

    private static let hints = [
        "audit:read": "Read who changed what",
        "availability:read": "See when people are free",
        "live:read": "Hear of changes as they happen",
        "operations:read": "See what waits for an admin",
        "operations:write": "Settle what waits for an admin",
        "organizations:read": "See members, groups and settings",
        "organizations:write": "Change members, groups and settings",
        "sessions:read": "See sessions and their join links",
        "sessions:write": "Book, retry and cancel sessions",
    ]
}
