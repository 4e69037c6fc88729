/// What an entry of the audit log can be about: what migrations give to `audited()` as a subject.
package enum AuditSubject: String, CaseIterable, Sendable {
    case organization, membership, user, password
    case signIn = "sign_in"
    case contract, entitlement, session
    case classStudent = "class_student"
    case intervention
    case group
    case groupMember = "group_member"
    case invitation
    case secondFactor = "second_factor"
    case recoveryCode = "recovery_code"
    case providerAccount = "provider_account"
    case openIDAccount = "openid_account"
    case branding, preferences

    /// `membership.updated` and the like, of all subjects.
    package static let actions = allCases.flatMap { subject in
        ["created", "updated", "deleted"].map { "\(subject.rawValue).\($0)" }
    }
}
