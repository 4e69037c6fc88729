import Access
import Sessions

/// Somebody of a demo. All share ``DemoData/password``.
struct DemoPerson: Sendable {
    /// The part of the address before the `@`.
    let local: String
    let name: String, role: Role, timeZone: String
}

/// An organization of a demo.
struct DemoCompany: Sendable {
    let slug: String, name: String, timeZone: String
    let people: [DemoPerson]

    func email(of person: DemoPerson) -> String { "\(person.local)@\(slug).example" }
}

extension DemoCompany {
    /// The one to look at. Nobody is called like a city, since pages say a person's city beside their name.
    static let northlight = DemoCompany(
        slug: "demo", name: "Northlight Mentoring", timeZone: "Europe/Berlin",
        people: [
            DemoPerson(local: "admin", name: "Amara Okafor", role: .admin, timeZone: "Europe/Berlin"),
            DemoPerson(local: "counselor", name: "Clara Weiss", role: .counselor, timeZone: "Europe/Berlin"),
            DemoPerson(local: "counselor2", name: "Caspar Lind", role: .counselor, timeZone: "Europe/Stockholm"),
            DemoPerson(local: "mentor", name: "Mei Tanaka", role: .mentor, timeZone: "Asia/Tokyo"),
            DemoPerson(local: "mentor2", name: "Marco Rossi", role: .mentor, timeZone: "Europe/Rome"),
            DemoPerson(local: "mentor3", name: "Rosa Delgado", role: .mentor, timeZone: "America/Mexico_City"),
            DemoPerson(local: "mentor4", name: "Priya Nair", role: .mentor, timeZone: "Asia/Kolkata"),
            DemoPerson(local: "student", name: "Elena Petrova", role: .student, timeZone: "Europe/Sofia"),
            DemoPerson(local: "student2", name: "Sam Carter", role: .student, timeZone: "America/New_York"),
            DemoPerson(local: "student3", name: "Yuna Choi", role: .student, timeZone: "Asia/Seoul"),
            DemoPerson(local: "student4", name: "Tomás Quintero", role: .student, timeZone: "America/Bogota"),
            DemoPerson(local: "student5", name: "Aisha Rahman", role: .student, timeZone: "Asia/Dhaka"),
            DemoPerson(local: "student6", name: "Lukas Brandt", role: .student, timeZone: "Europe/Vienna"),
            DemoPerson(local: "student7", name: "Ngozi Eze", role: .student, timeZone: "Africa/Lagos"),
            DemoPerson(local: "student8", name: "Aroha Ngata", role: .student, timeZone: "Pacific/Auckland"),
        ])

    /// The other one, to show that neither sees the other.
    static let rival = DemoCompany(
        slug: "rival", name: "Rival Academy", timeZone: "Asia/Shanghai",
        people: [
            DemoPerson(local: "admin", name: "Ada Rival", role: .admin, timeZone: "Asia/Shanghai"),
            DemoPerson(local: "counselor", name: "Cyrus Rival", role: .counselor, timeZone: "Asia/Shanghai"),
            DemoPerson(local: "counselor2", name: "Coco Rival", role: .counselor, timeZone: "Asia/Shanghai"),
            DemoPerson(local: "mentor", name: "Mina Rival", role: .mentor, timeZone: "Asia/Shanghai"),
            DemoPerson(local: "mentor2", name: "Milo Rival", role: .mentor, timeZone: "Asia/Shanghai"),
            DemoPerson(local: "student", name: "Sana Rival", role: .student, timeZone: "Asia/Shanghai"),
            DemoPerson(local: "student2", name: "Seth Rival", role: .student, timeZone: "Asia/Shanghai"),
        ])

    static let all = [northlight, rival]
}

/// What a student of a demo has bought.
struct DemoContract: Sendable {
    let title: String
    /// From its beginning; `nil`: until further notice.
    let days: Int?
    /// Hours of each kind of session.
    let hours: [SessionKind: Int]

    /// What most students buy, of which a few hours are used when the demo begins.
    static let halfYear = DemoContract(
        title: "Half a year", days: 182,
        hours: [.regularMentoring: 12, .gapAnalysis: 6, .aiCareer: 6, .classSession: 16])

    /// Behind the package, for those of the demo that a program is tried with: it may book for weeks. Contracts that
    /// end are used up first.
    static let sponsored = DemoContract(
        title: "Sponsored by the employer", days: nil,
        hours: Dictionary(uniqueKeysWithValues: SessionKind.allCases.filter(\.isBillable).map { ($0, 10_000) }))

    /// In a demo without sessions, where tests book what they like.
    static let boundless = DemoContract(
        title: "Demo contract", days: nil,
        hours: Dictionary(uniqueKeysWithValues: SessionKind.allCases.filter(\.isBillable).map { ($0, 100_000) }))

    static func all(of student: DemoPerson, hasSessions: Bool) -> [DemoContract] {
        guard hasSessions else { return [boundless] }
        return ["student", "student2"].contains(student.local) ? [halfYear, sponsored] : [halfYear]
    }
}
