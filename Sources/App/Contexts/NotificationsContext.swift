import Durable
import Notifications
import Outgoing
import Postgres
import Secrets

/// What people hear of: live, and by mail.
struct NotificationsContext: BoundedContext {
    /// In processes with the role `web`.
    let live: LiveFeed
    let stream: EventStream
    private let dependencies: Dependencies

    /// - Parameter connection: as `convene_worker`, to listen on.
    init(_ dependencies: Dependencies, listeningOn connection: PoolConfiguration) {
        live = LiveFeed(
            in: dependencies.background,
            listener: Listener(connection, channel: Relay.channel, logger: dependencies.logger))
        stream = EventStream(database: dependencies.requests, live: live)
        self.dependencies = dependencies
    }

    func jobs() async throws -> [String: Worker.Handler] {
        let mails = MailJobs(
            transport: dependencies.settings.mail.map { $0.server.transport(from: $0.sender) },
            secrets: dependencies.secretBox, templates: try await MailTemplates(),
            details: MailDetails(database: dependencies.background.database), clock: dependencies.clock)
        return [MailJobs.jobKind: mails.handler]
    }
}
