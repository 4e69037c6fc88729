package import Foundation
package import Values

/// A service that hosts meetings. Everything it does is a call to somebody else's server, so nothing here is ever
/// awaited inside a database transaction.
///
/// A conformer never throws: what can come of a call is a value, and what is not known is said to be unknown.
package protocol MeetingProvider: Sendable {
    var name: ProviderName { get }
    /// What can be done after the answer to a create was lost.
    var reconciliation: Reconciliation { get }

    func create(_ request: MeetingRequest) async -> CreateOutcome
    /// Looks for every meeting that carries `request.tag`.
    func find(_ request: MeetingRequest) async -> FindOutcome
    /// Makes an existing meeting fit `request`: topic, time and length; at Feishu also how long the number is kept.
    func update(_ meeting: MeetingReference, to request: MeetingRequest) async -> ChangeOutcome
    /// A meeting that is already gone counts as cancelled.
    func cancel(_ meeting: MeetingReference) async -> ChangeOutcome
    /// Until when the provider keeps a meeting that is created or updated now; `nil`: it needs no renewing.
    func expiry(of request: MeetingRequest) -> Date?
    /// Gets a token and reads something harmless, to see whether the account can be used.
    func check() async -> AccountCheck
}

extension MeetingProvider {
    package func expiry(of request: MeetingRequest) -> Date? { nil }
}

/// How a provider lets us find out what became of a create whose answer was lost (`reliability.md` 4).
package enum Reconciliation: Sendable, Hashable, Codable {
    /// It takes our key: asking again with the same key gives the same meeting.
    case keyed
    /// Its meetings can be listed, and ours are known by their tag.
    case searchable
    /// Neither. A lost answer is a case for a person, and the create is never repeated.
    case blind
}

/// The meeting that we want.
package struct MeetingRequest: Sendable, Equatable, Codable {
    /// Names the session and its generation at the provider: `cv:{environment}:{session id}:{generation}`.
    package var tag: String
    package var topic: String
    package var time: TimeRange
    /// IANA name; some providers show times in it.
    package var timeZone: String
    /// Whose meeting it is, for providers that know people by their mail address.
    package var hostEmail: String

    package init(tag: String, topic: String, time: TimeRange, timeZone: String, hostEmail: String) {
        self.tag = tag
        self.topic = topic
        self.time = time
        self.timeZone = timeZone
        self.hostEmail = hostEmail
    }
}

/// A meeting that exists at the provider. Holds no host's credential (Zoom's `start_url` is one).
package struct ProvisionedMeeting: Sendable, Equatable, Codable {
    package var reference: MeetingReference
    /// What people type in to join.
    package var number: String
    package var joinURL: String
    package var passcode: String?
    /// When the provider forgets the meeting unless it is renewed (Feishu: at most 30 days ahead).
    package var expiresAt: Date?

    package init(
        reference: MeetingReference, number: String, joinURL: String, passcode: String?, expiresAt: Date? = nil
    ) {
        self.reference = reference
        self.number = number
        self.joinURL = joinURL
        self.passcode = passcode
        self.expiresAt = expiresAt
    }
}

extension ProvisionedMeeting {
    /// Whether people can join by it, and the database take it: an answer is somebody else's text.
    var isUsable: Bool {
        let texts = [reference.id, number, joinURL] + [passcode, reference.host].compactMap(\.self)
        let isPlain = texts.allSatisfy { text in
            (1...2000).contains(text.utf8.count)
                && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        }
        return isPlain && ["http", "https"].contains(URL(string: joinURL)?.scheme?.lowercased())
    }
}

/// What the provider needs to be told to find one meeting again.
package struct MeetingReference: Sendable, Hashable, Codable {
    /// The id by which it is updated and cancelled. Zoom: the meeting's number; Feishu: the reservation's id.
    package var id: String
    /// The account the meeting stands under, where the provider asks for it.
    package var host: String?

    package init(id: String, host: String? = nil) {
        self.id = id
        self.host = host
    }
}

package enum CreateOutcome: Sendable, Equatable {
    case created(ProvisionedMeeting)
    /// Surely not done, and worth another try: not sent at all, 429, or 503 with Retry-After.
    case later(after: Duration?, reason: Explanation)
    /// Surely not done, and asking again would not help.
    case refused(code: String, reason: Explanation)
    /// Time-out, 5xx, reset, an answer that cannot be read: it may have been done.
    case unknown(reason: Explanation)
}

package enum FindOutcome: Sendable, Equatable {
    /// One at least. There can be several: a create that was given up may land after the next one.
    case found([ProvisionedMeeting])
    case absent
    /// Could not be found out now.
    case unknown(reason: Explanation)
}

package enum ChangeOutcome: Sendable, Equatable {
    case done
    /// Only from an update: there is no such meeting any more.
    case gone
    case later(after: Duration?, reason: Explanation)
    case refused(code: String, reason: Explanation)
    case unknown(reason: Explanation)
}
