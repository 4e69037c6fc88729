import Access
import Audit
import HTTP
import Identity
import Sessions
import Values

/// An entry of the audit log as a sentence: who, and what they did. What is not foreseen here is told in general words.
struct AuditSentence: Sendable {
    let actor: String
    /// What follows the actor.
    let text: String

    /// - Parameter groups: names by id.
    init(_ item: AuditItem, groups: [String: String]) {
        actor = Self.actor(of: item)
        let reading = Reading(item, groups: groups)
        text = reading.particular ?? reading.general
    }

    private static func actor(of item: AuditItem) -> String {
        if let name = item.actor?.name { return name }
        return switch item.role {
        case "worker": "Convene"
        case "owner": "The server’s administrator"
        case Role.superAdmin.rawValue: "A platform admin"
        default: "Somebody"
        }
    }
}

private struct Reading {
    let item: AuditItem
    let groups: [String: String]
    let verb: String
    let subject: AuditSubject?

    init(_ item: AuditItem, groups: [String: String]) {
        self.item = item
        self.groups = groups
        verb = item.action.split(separator: ".").last.map(String.init) ?? ""
        subject = AuditSubject(rawValue: item.subjectType)
    }

    var isOwn: Bool { item.actor?.userId.description.lowercased() == item.subjectId.lowercased() }
    var name: String { subjectName ?? "somebody" }
    var subjectName: String? { item.subjectName?.isolated }

    func after(_ column: String) -> String? { item.after?[column]?.text?.isolated }

    /// `mentor → counselor`, where that column changed.
    func change(of column: String, _ words: (String) -> String = \.isolated) -> String? {
        guard let before = item.before?[column]?.text, let after = item.after?[column]?.text else {
            return nil
        }
        return "\(words(before)) → \(words(after))"
    }

    var general: String {
        let what = subject?.words ?? item.subjectType.replacing("_", with: " ")
        let did =
            switch verb {
            case "created": "added"
            case "deleted": "removed"
            default: "changed"
            }
        return "\(did) \(what)\(subjectName.map { ": \($0)" } ?? "")"
    }

    var particular: String? {
        switch subject {
        case .membership: membership
        case .user: person
        case .organization: organization
        case .group: group
        case .groupMember: groupMember
        case .invitation: invitation
        case .session: session
        case .signIn: signIn
        case .providerAccount: providerAccount
        case .branding: "changed the branding"
        case .preferences: isOwn ? "changed their own preferences" : nil
        case .password:
            isOwn ? "\(verb == "created" ? "chose a" : "changed their") password" : "set the password of \(name)"
        case .secondFactor: secondFactor
        case .contract: verb == "created" ? "made a contract" : nil
        case .entitlement: verb == "created" ? "added units to a contract" : nil
        case .classStudent, .intervention, .recoveryCode, .openIDAccount, nil: nil
        }
    }

    private var membership: String? {
        if verb == "created" {
            let role = after("role").map(role) ?? "member"
            return isOwn ? "joined as \(role)" : "took in \(name) as \(role)"
        }
        if after("left_at") != nil { return isOwn ? "left the organization" : "took \(name) out of the organization" }
        if item.before?["left_at"]?.text != nil { return "took \(name) in again" }
        return change(of: "role", role).map { "changed \(isOwn ? "their own role" : "the role of \(name)"): \($0)" }
    }

    private func role(_ value: String) -> String { Role(rawValue: value)?.label.lowercased() ?? value }

    private var person: String? {
        if verb == "created" { return isOwn ? "made their account" : "made the account of \(name)" }
        let whose = isOwn ? "their own" : "\(name)’s"
        if let change = change(of: "name") { return "changed \(whose) name: \(change)" }
        return change(of: "time_zone").map { "changed \(whose) time zone: \($0)" }
    }

    private var organization: String? {
        if verb == "created" { return "founded \(subjectName.map { "“\($0)”" } ?? "the organization")" }
        let columns = [
            ("name", "name"), ("slug", "short name"), ("time_zone", "time zone"),
            ("default_provider", "meeting provider"),
        ]
        for (column, words) in columns {
            if let change = change(of: column, { ProviderName(rawValue: $0)?.label ?? $0.isolated }) {
                return "changed the organization’s \(words): \(change)"
            }
        }
        return nil
    }

    private var group: String? {
        switch verb {
        case "created": after("name").map { "made the group “\($0)”" }
        case "deleted": item.before?["name"]?.text.map { "deleted the group “\($0.isolated)”" }
        default: change(of: "name").map { "renamed a group: \($0)" }
        }
    }

    private var groupMember: String? {
        let id = (item.after ?? item.before)?["group_id"]?.text
        let group = id.flatMap { groups[$0] ?? groups[$0.uppercased()] ?? groups[$0.lowercased()] }
        let place = group.map { "the group “\($0.isolated)”" } ?? "a group"
        return verb == "created" ? "put \(name) into \(place)" : "took \(name) out of \(place)"
    }

    private var invitation: String? {
        if verb == "created" {
            if after("email") == nil { return "made the link that sets up this server" }
            return "invited \(subjectName ?? after("email") ?? "somebody")"
                + (after("role").map { " as \(role($0))" } ?? "")
        }
        if after("revoked_at") != nil { return "took back the invitation of \(name)" }
        if after("accepted_at") != nil { return "accepted the invitation of \(name)" }
        return nil
    }

    private var session: String? {
        let title = subjectName.map { "the session “\($0)”" } ?? "a session"
        if verb == "created" { return "booked \(title)" }
        if after("status") == SessionStatus.cancelled.rawValue { return "cancelled \(title)" }
        if after("created_by_counselor_id") != nil { return "handed over \(title)" }
        return change(of: "status") { SessionStatus(rawValue: $0)?.label.lowercased() ?? $0 }
            .map { "changed \(title): \($0)" } ?? "changed \(title)"
    }

    private var signIn: String? {
        let isKey = after("medium") == "key" || item.before?["medium"]?.text == "key"
        if verb == "created" {
            return isKey ? "made a key\(after("name").map { " “\($0)”" } ?? "")" : "signed in"
        }
        return after("ended_at") == nil ? nil : "ended a sign-in"
    }

    private var providerAccount: String? {
        let provider = ProviderName(rawValue: item.subjectId)?.label ?? item.subjectId
        return switch verb {
        case "created": "set the organization’s \(provider) account"
        case "deleted": "removed the organization’s \(provider) account"
        default: "changed the organization’s \(provider) account"
        }
    }

    private var secondFactor: String? {
        let whose = isOwn ? "their" : "\(name)’s"
        if verb == "deleted" { return "switched \(whose) second factor off" }
        return verb == "created" ? "began to set up \(whose) second factor" : "changed \(whose) second factor"
    }
}

extension AuditSubject {
    /// In the middle of a sentence.
    var words: String {
        switch self {
        case .organization: "organization"
        case .membership: "membership"
        case .user: "account"
        case .password: "password"
        case .signIn: "sign-in or key"
        case .contract: "contract"
        case .entitlement: "units of a contract"
        case .session: "session"
        case .classStudent: "student of a class"
        case .intervention: "task for an admin"
        case .group: "group"
        case .groupMember: "member of a group"
        case .invitation: "invitation"
        case .secondFactor: "second factor"
        case .recoveryCode: "recovery codes"
        case .providerAccount: "meeting provider account"
        case .openIDAccount: "linked account"
        case .branding: "branding"
        case .preferences: "preferences"
        }
    }
}
