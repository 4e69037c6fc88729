package import Foundation
package import Meetings
package import Postgres
package import Values

/// What a meeting is for: a session, a group session, an event. Provisioning gets it its meeting and knows no more of it
/// than this; what a host says is to be written is committed together with the saga, or not at all.
///
/// A value is one host as the database has it. It asks for its meeting by ``MeetingSaga/begin(for:at:_:now:)`` in the
/// transaction that makes it.
package protocol MeetingHost: Decodable, Sendable {
    /// Whose meetings these are: `sagas.kind`.
    static var kind: String { get }

    /// The refusal code of ``schedule(_:as:at:)`` when the host does not wait for a meeting any more.
    static var notWaiting: String { get }

    /// - Parameter id: the host's, and its saga's too.
    static func select(_ id: UUID) -> SQL

    var provider: ProviderName { get }
    var title: String { get }
    var time: TimeRange { get }
    /// Whose meeting it is.
    var owner: UserID { get }
    var ownerEmail: String { get }
    var ownerTimeZone: String { get }
    /// Since when it waits, for the metrics.
    var createdAt: Date { get }

    /// The meeting is there: people see it, and are told. Its own row, under `id`, is written before.
    func schedule(_ meeting: ProvisionedMeeting, as id: MeetingID, at now: Date) -> [SQL]

    /// There will be no meeting: what was taken for it is given back, and people are told why.
    func release(because failure: MeetingFailure, at now: Date) -> [SQL]
}

/// Every kind of host that there is.
package struct MeetingHosts: Sendable {
    private let types: [String: any MeetingHost.Type]

    package init(_ types: any MeetingHost.Type...) {
        self.types = Dictionary(types.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
    }

    var kinds: [String] { types.keys.sorted() }

    struct Missing: Error {}

    /// A host, and which version of its organization's own account is to be used for it; `nil`: the installation's.
    /// - Throws: ``Missing`` when there is none, or none of that kind.
    func find(
        _ id: UUID, kind: String, in database: Database
    ) async throws -> (host: any MeetingHost, accountVersion: Int64?) {
        guard let type = types[kind] else { throw Missing() }
        let found = try await database.atomically([type.select(id), Self.accountVersion(of: id)])
        guard let host = try Self.row(type, in: found[0]) else { throw Missing() }
        return (host, try found[1].row())
    }

    private static func row<Host: MeetingHost>(_ type: Host.Type, in result: SQLResult) throws -> (any MeetingHost)? {
        try result.row(as: type)
    }

    private static func accountVersion(of saga: UUID) -> SQL {
        """
        SELECT c.version FROM sagas g JOIN provider_credentials c
            ON c.organization_id = g.organization_id AND c.provider = g.document->>'provider'
        WHERE g.id = \(saga)
        """
    }
}

extension MeetingRequest {
    init(for host: any MeetingHost, tag: String) {
        self.init(
            tag: tag, topic: host.title, time: host.time, timeZone: host.ownerTimeZone, hostEmail: host.ownerEmail)
    }
}
