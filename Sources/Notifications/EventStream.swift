package import Access
import Durable
import Identity
package import Postgres
import ServiceLifecycle
import Values

/// What one person is told of their organization, from a number on: what was missed from the table, what follows from
/// the live feed, without a gap or a repetition at the seam.
package struct EventStream: Sendable {
    let database: Database
    let live: LiveFeed

    /// - Parameter database: as `convene_app`.
    package init(database: Database, live: LiveFeed) {
        self.database = database
        self.live = live
    }

    package enum Item: Sendable {
        /// The connection stands.
        case welcome
        case event(Notice)
        /// The asker's last number is older than what is kept, or too long ago: what they show may be wrong, and they must load it
        /// anew. The stream goes on after `number`.
        case reset(number: Int)
        case heartbeat
    }

    /// An event as it is told.
    package struct Notice: Sendable, Equatable {
        package let number: Int
        package let type: String
        /// `{id, type, version, organizationId, occurredAt, payload}` on one line.
        package let envelope: String
        /// The event as a server-sent one, made once for all who hear it.
        package let frame: [UInt8]
    }

    /// Anyone who has missed more is told to load anew what they show: that costs them and everybody else less than to
    /// hear it event by event.
    package static let mostMissed = 1000

    private struct Reader: Decodable, Sendable {
        let organizationId: OrganizationID
        let role: Role
        let first: Int
        let head: Int
    }

    /// Hands everything to `send` until the server stops, the listener is too slow, or the actor may no longer listen.
    /// - Parameter last: the number of the last event that the actor has; `nil` to begin with what happens now.
    /// - Throws: what ``Identity/ActorDatabase`` throws, before the first item; and what `send` throws.
    package func follow(
        after last: Int?, as actor: Actor, send: (Item) async throws -> Void
    ) async throws {
        let reader = try await reader(actor)
        // Before the table is read: what comes meanwhile waits in the stream, and what is in both is told once.
        let messages = live.messages(of: reader.organizationId)
        try await send(.welcome)
        var number = last ?? reader.head
        if number < reader.first - 1 || number > reader.head || reader.head - number > Self.mostMissed {
            number = reader.head
            try await send(.reset(number: number))
        }
        number = try await replay(after: number, reader: reader, as: actor, send: send)
        for await message in messages.cancelOnGracefulShutdown() {
            switch message {
            case .heartbeat:
                guard await mayGoOn(reader, actor) else { return }
                try await send(.heartbeat)
            case .event(let event, _) where event.number <= number: continue
            case .event(let event, let notice) where event.number == number + 1:
                // Their role was changed, or they were taken out: they hear of it by the end of the stream.
                if event.concernsMembership(of: actor.user), await !mayGoOn(reader, actor) { return }
                number = event.number
                if may(reader, hear: event, actor) { try await send(.event(notice)) }
            case .event:
                number = try await replay(after: number, reader: reader, as: actor, send: send)
            }
        }
    }

    /// The number of the newest event. What is read afterward has it in it already.
    /// - Throws: what ``Identity/ActorDatabase`` throws when the actor may not listen.
    package func head(as actor: Actor) async throws -> Int {
        try await reader(actor).head
    }

    /// - Throws: what ``Identity/ActorDatabase`` throws when the actor may not listen.
    package func check(_ actor: Actor) async throws {
        _ = try await reader(actor)
    }

    private func mayGoOn(_ reader: Reader, _ actor: Actor) async -> Bool {
        (try? await self.reader(actor))?.role == reader.role
    }

    private func reader(_ actor: Actor) async throws -> Reader {
        let reader = try await database.acting(as: actor).row(
            "SELECT app_org_id() AS organization_id, app_role() AS role, w.* FROM (\(Feed.window)) w", as: Reader.self)
        guard let reader else { throw AccessError.notAMember }
        return reader
    }

    private func replay(
        after number: Int, reader: Reader, as actor: Actor, send: (Item) async throws -> Void
    ) async throws -> Int {
        var number = number
        while true {
            let events = try await database.acting(as: actor)
                .rows(Feed.events(afterNumber: number, limit: 500), as: FeedEvent.self)
            for event in events {
                number = event.number
                if may(reader, hear: event, actor) { try await send(.event(Notice(event))) }
            }
            if events.count < 500 { return number }
        }
    }

    private func may(_ reader: Reader, hear event: FeedEvent, _ actor: Actor) -> Bool {
        switch reader.role {
        case .superAdmin, .admin, .counselor: true
        case .mentor, .student: event.audience.contains(actor.user)
        }
    }
}

extension FeedEvent {
    fileprivate func concernsMembership(of user: UserID) -> Bool {
        MemberEvent.types.contains(type) && audience == [user]
    }
}

extension EventStream.Notice {
    init(_ event: FeedEvent) {
        number = event.number
        type = event.type
        // The payload is JSON of ours, on one line as PostgreSQL writes it; the rest needs no escapes.
        let envelope = """
            {"id":"\(event.id)","type":"\(event.type)","version":\(event.version),\
            "organizationId":"\(event.organizationId)","occurredAt":"\(RFC3339.text(from: event.occurredAt))",\
            "payload":\(event.payload)}
            """
        self.envelope = envelope
        frame = Array("id: \(number)\nevent: \(type)\ndata: \(envelope)\n\n".utf8)
    }
}
