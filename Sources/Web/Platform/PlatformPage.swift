import HTTP
import Identity
import Values

/// All organizations of the server, for who looks after it.
struct PlatformPage: Sendable {
    struct Organization: Sendable {
        let id: String, name: String, slug: String, zone: String
    }

    let search: String, isFiltered: Bool
    let organizations: [Organization], hasOrganizations: Bool
    let nextHref: String?

    init(_ page: Page<Organizations.Organization>, search: String?) {
        self.search = search ?? ""
        isFiltered = search != nil
        organizations = page.items.map {
            Organization(
                id: $0.id.description, name: $0.name, slug: $0.slug, zone: $0.timeZone.replacing("_", with: " "))
        }
        hasOrganizations = !page.items.isEmpty
        nextHref = page.nextCursor.map { PageQuery.address("/platform", [("search", search), ("cursor", $0)]) }
    }
}

extension PlatformPage {
    static func page(_ organizations: Organizations) -> WebPage {
        .person("/platform", for: .platform, title: "Organizations", template: "platform/platform") {
            request, signedIn, _ in
            let query = request.query
            let found = try await organizations.list(
                named: query["search"], after: query.cursor, limit: 30, as: signedIn.person)
            return PlatformPage(found, search: query["search"])
        }
    }
}
