/// What an event says: the JSON object that the feed, webhooks and subscriptions carry under ``IntegrationEvent/type``.
///
/// It is a public format. A field may be added; one that goes, or means something else, is another ``version``.
package protocol EventPayload: Codable, Sendable {
    static var version: Int { get }
    /// Every type that an event with this payload can have, such as `gap_analysis.session.created`.
    static var types: [String] { get }
}

extension EventPayload {
    package static var version: Int { 1 }
}
