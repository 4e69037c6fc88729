import Access
import Identity
import Values

/// Whom the booking form begins with: those whom its address names, `?person=…`, and those of whom there is no other
/// choice. Everybody else is found by typing.
struct BookingPeople: Encodable, Sendable {
    let students: [Members.Member]
    let mentor: Members.Member?
    let counselor: Members.Member?

    static func find(named people: [UserID], by visitor: Visitor, in members: Members) async throws -> BookingPeople {
        let actor = visitor.actor, me = visitor.profile.id
        // Two are enough to know that there is a choice.
        async let known = members.list(MemberFilter(people: people + [me]), limit: 100, as: actor)
        async let mentors = members.list(MemberFilter(roles: [.mentor]), limit: 2, as: actor)
        async let counselors = members.list(MemberFilter(roles: [.counselor]), limit: 2, as: actor)
        let asked = try await known.items.filter { people.contains($0.userId) }
        let myself = try await known.items.first { $0.userId == me && $0.role == .counselor }
        let (onlyMentor, onlyCounselor) = (Self.only(try await mentors), Self.only(try await counselors))
        return BookingPeople(
            students: asked.filter { $0.role == .student },
            mentor: asked.first { $0.role == .mentor } ?? onlyMentor,
            counselor: asked.first { $0.role == .counselor } ?? myself ?? onlyCounselor)
    }

    private static func only(_ page: Page<Members.Member>) -> Members.Member? {
        page.items.count == 1 ? page.items.first : nil
    }
}
