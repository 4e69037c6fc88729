import Audit
import Foundation
import HTTP
import Identity
import Values

/// What the page of an organization's audit log shows.
struct AuditPage: Sendable {
    /// Which entries somebody wants to see. Days are theirs.
    struct Choice: Sendable {
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

    struct Option: Sendable {
        let value: String, label: String, isChosen: Bool
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
    let abouts: [Option], kinds: [Option]
    let exportHref: String
    let entries: [Entry], hasEntries: Bool
    let nextHref: String?

    init(_ page: Page<AuditItem>, choice: Choice, groups: [Groups.Group], visitor: Visitor) {
        let time = LocalTime(visitor.profile.timeZone)
        let names = Dictionary(groups.map { ($0.id.description, $0.name) }, uniquingKeysWith: { first, _ in first })
        organization = visitor.organization.id.description
        actor = choice.actor?.description ?? ""
        from = choice.from ?? ""
        to = choice.to ?? ""
        subject = choice.subject ?? ""
        isAboutOne = choice.subject != nil
        isFiltered =
            choice.actor != nil || choice.about != nil || choice.from != nil || choice.to != nil
            || choice.subject != nil
        abouts = AuditSubject.allCases.sorted { $0.label < $1.label }.map {
            Option(value: $0.rawValue, label: $0.label, isChosen: $0 == choice.about)
        }
        kinds = [("created", "added"), ("updated", "changed"), ("deleted", "removed")].map {
            Option(value: $0.0, label: $0.1, isChosen: $0.0 == choice.change)
        }
        exportHref = Self.exportHref(choice, visitor)
        entries = page.items.map { Self.entry($0, choice, names, time) }
        hasEntries = !page.items.isEmpty
        nextHref = page.nextCursor.map { Self.address(choice, [("cursor", $0)]) }
    }

    private static func address(_ choice: Choice, _ more: [(name: String, value: String?)]) -> String {
        PageQuery.address(
            "/organization/audit",
            [
                ("actor", choice.actor?.description), ("about", choice.about?.rawValue), ("change", choice.change),
                ("subject", choice.subject), ("from", choice.from), ("to", choice.to),
            ] + more)
    }

    private static func exportHref(_ choice: Choice, _ visitor: Visitor) -> String {
        PageQuery.address(
            "/api/audit/export",
            [
                ("organization", visitor.organization.id.description), ("actor", choice.filter.actor?.description),
                ("action", choice.filter.action), ("subjectType", choice.filter.subjectType?.rawValue),
                ("subject", choice.filter.subject), ("from", choice.filter.from.map(RFC3339.text)),
                ("to", choice.filter.to.map(RFC3339.text)),
            ])
    }

    private static func entry(
        _ item: AuditItem, _ choice: Choice, _ groups: [String: String], _ time: LocalTime
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
            (try? JSONEncoder.convene.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
