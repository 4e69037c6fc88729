import Audit
import Foundation
import HTTP
import Identity
import Values

/// What the page of an organization's audit log shows.
struct AuditPage: Sendable {
    /// Which entries somebody wants to see. Days are theirs.
    struct Query: Sendable {
        let actor: UserID?
        let about: AuditSubject?
        /// `created`, `updated` or `deleted`; only with ``about``.
        let change: String?
        let subject: String?
        let from: String?, to: String?
        let filter: AuditLog.Filter
        let cursor: Cursor?

        init(_ query: PageQuery, on time: LocalTime) {
            actor = query["actor"].flatMap { UserID($0) }
            about = query["about"].flatMap(AuditSubject.init)
            let action = about.flatMap { about in query["change"].map { "\(about.rawValue).\($0)" } }
            let known = action.flatMap { AuditSubject.actions.contains($0) ? $0 : nil }
            change = known == nil ? nil : query["change"]
            subject = query["subject"]
            let first = query["from"].flatMap(time.day(from:)), last = query["to"].flatMap(time.day(from:))
            from = first.map(time.isoDay)
            to = last.map(time.isoDay)
            filter = AuditLog.Filter(
                actor: actor, action: known, subjectType: about, subject: subject, from: first,
                to: last.flatMap { time.calendar.date(byAdding: .day, value: 1, to: $0) })
            cursor = query.cursor
        }
    }

    struct Entry: Sendable {
        let number: Int, actorName: String, sentence: String, time: String, origin: String
        let changes: [Change], hasChanges: Bool, hash: String, subjectHref: String
    }

    struct Change: Sendable {
        let column: String, before: String, after: String
    }

    let organization: String
    let actor: String, from: String, to: String, subject: String
    let isAboutOne: Bool, isFiltered: Bool
    let abouts: [Choice], kinds: [Choice]
    let exportHref: String
    let entries: [Entry], hasEntries: Bool
    let nextHref: String?

    init(_ page: Page<AuditItem>, query: Query, groups: [Groups.Group], visitor: Visitor) {
        let time = LocalTime(visitor.profile.timeZone)
        let names = Dictionary(groups.map { ($0.id.description, $0.name) }, uniquingKeysWith: { first, _ in first })
        organization = visitor.organization.id.description
        actor = query.actor?.description ?? ""
        from = query.from ?? ""
        to = query.to ?? ""
        subject = query.subject ?? ""
        isAboutOne = query.subject != nil
        isFiltered =
            query.actor != nil || query.about != nil || query.from != nil || query.to != nil
            || query.subject != nil
        abouts = AuditSubject.allCases.sorted { $0.label < $1.label }.map {
            Choice(value: $0.rawValue, label: $0.label, isChosen: $0 == query.about)
        }
        kinds = [("created", "added"), ("updated", "changed"), ("deleted", "removed")].map {
            Choice(value: $0.0, label: $0.1, isChosen: $0.0 == query.change)
        }
        exportHref = Self.exportHref(query, visitor)
        entries = page.items.map { Self.entry($0, query, names, time) }
        hasEntries = !page.items.isEmpty
        nextHref = page.nextCursor.map { Self.address(query, [("cursor", $0)]) }
    }

    private static func address(_ query: Query, _ more: [(name: String, value: String?)]) -> String {
        PageQuery.address(
            "/organization/audit",
            [
                ("actor", query.actor?.description), ("about", query.about?.rawValue), ("change", query.change),
                ("subject", query.subject), ("from", query.from), ("to", query.to),
            ] + more)
    }

    private static func exportHref(_ query: Query, _ visitor: Visitor) -> String {
        PageQuery.address(
            "/api/audit/export",
            [
                ("organization", visitor.organization.id.description), ("actor", query.filter.actor?.description),
                ("action", query.filter.action), ("subjectType", query.filter.subjectType?.rawValue),
                ("subject", query.filter.subject), ("from", query.filter.from.map(RFC3339.text)),
                ("to", query.filter.to.map(RFC3339.text)),
            ])
    }

    private static func entry(
        _ item: AuditItem, _ query: Query, _ groups: [String: String], _ time: LocalTime
    ) -> Entry {
        let sentence = AuditSentence(item, groups: groups)
        let changes = Self.changes(from: item.before?.members ?? [:], to: item.after?.members ?? [:], item, time)
        return Entry(
            number: item.number, actorName: sentence.actor, sentence: sentence.text,
            time: "\(time.shortDate(item.at)), \(time.clock(item.at))",
            origin: item.address.map { "from \($0)" } ?? "", changes: changes, hasChanges: !changes.isEmpty,
            hash: item.hash, subjectHref: PageQuery.address("/organization/audit", [("subject", item.subjectId)]))
    }
}

extension AuditPage {
    static func page(_ audit: AuditLog, groups: Groups) -> WebPage {
        .member("/organization/audit", for: .admins, title: "Audit", template: "audit/audit") { request, visitor in
            let query = Query(request.query, on: LocalTime(visitor.profile.timeZone))
            async let found = audit.list(query.filter, after: query.cursor, limit: 40, as: visitor.actor)
            async let all = groups.list(after: nil, limit: 200, as: visitor.actor)
            let entries = try await found.map(AuditItem.init)
            return AuditPage(entries, query: query, groups: try await all.items, visitor: visitor)
        }
    }
}

extension AuditPage {
    /// By column, without those that say only what the entry is about.
    fileprivate static func changes(
        from before: [String: JSONValue], to after: [String: JSONValue], _ item: AuditItem, _ time: LocalTime
    ) -> [Change] {
        func shown(_ value: JSONValue?, _ column: String) -> String {
            if column.hasSuffix("_at"), let date = value?.text.flatMap(RFC3339.date) {
                return "\(time.shortDate(date)), \(time.clock(date))"
            }
            return value?.shown ?? ""
        }
        let columns = Set(before.keys).union(after.keys).subtracting(["id", "organization_id"])
        return columns.sorted().filter { (after[$0] ?? before[$0])?.text != item.subjectId }.map { column in
            Change(
                column: column.replacing("_", with: " "), before: shown(before[column], column),
                after: shown(after[column], column))
        }
    }
}

extension AuditSubject {
    /// In a list of what there is.
    fileprivate var label: String { words.prefix(1).uppercased() + words.dropFirst() }
}

extension JSONValue {
    /// For people to read.
    fileprivate var shown: String {
        switch self {
        case .null: "—"
        case .bool(let bool): bool ? "yes" : "no"
        case .integer(let integer): String(integer)
        case .number(let number): String(number)
        case .string(let text): text
        case .array, .object:
            Explanation(self)?.sentence
                ?? (try? JSONEncoder.convene.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
