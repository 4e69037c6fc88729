import Identity

/// What the head and the header of every page show.
struct PageFrame: Sendable {
    let title: String
    let assetVersion: String
    let csrf: String?
    let isSignedIn: Bool
    let lastEvent: Int?
    let userName: String?
    let organizationName: String?
    let role: String?
    let canBook: Bool
    /// Whether the organisation's settings are among the sections of the settings.
    let isAdmin: Bool

    init(title: String, assetVersion: String, visitor: Visitor?) {
        self.title = title
        self.assetVersion = assetVersion
        csrf = visitor?.formToken
        isSignedIn = visitor != nil
        lastEvent = visitor?.lastEvent
        userName = visitor?.profile.name
        organizationName = visitor?.organization.name
        role = visitor?.role.label
        canBook = visitor?.canBook ?? false
        isAdmin = visitor?.isAdmin ?? false
    }
}
