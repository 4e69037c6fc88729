import CLibpq
import Glibc

/// One libpq session, always in pipeline mode and never blocking in libpq itself: it waits in `poll`, so that a silent
/// server and a cancelled task both end the wait.
///
/// For one thread at a time; ``Connection`` gives it one.
final class LibpqConnection {
    private let pointer: OpaquePointer
    private let settings: ConnectionSettings
    private let interruption: PollWakeup
    private let canceler: Canceler?
    private var statements = PreparedStatements()
    private var isBroken = false
    /// It works, and is not to be lent again: a cancel request may come late, or the server only reads.
    private var isSpoiled = false
    private var isCancellable = true
    private var isCancelling = false
    /// What the server, or a pooler, said when it closed the connection. May hold values.
    private(set) var farewell: String?

    /// - Throws: ``PostgresError/unavailable(reason:)`` when there is no session within the connect time-out.
    init(_ settings: ConnectionSettings, interruption: PollWakeup) throws(PostgresError) {
        pointer = try LibpqConnection.connect(settings)
        self.settings = settings
        self.interruption = interruption
        canceler = Canceler(of: pointer)
        // NotifyThrottle would go to our standard error.
        PQsetNoticeReceiver(pointer, { _, _ in }, nil)
        PQsetnonblocking(pointer, 1)
        PQenterPipelineMode(pointer)
    }

    deinit {
        PQfinish(pointer)
    }

    var socket: Int32 { PQsocket(pointer) }
    var isInTransaction: Bool { PQtransactionStatus(pointer) != PQTRANS_IDLE }
    var hasFailedTransaction: Bool { PQtransactionStatus(pointer) == PQTRANS_INERROR }
    var isUsable: Bool { !isBroken && !isSpoiled && PQstatus(pointer) == CONNECTION_OK && !isInTransaction }
    /// The server process as it was announced when the connection was made. Poolers announce something else.
    var announcedBackend: Int32 { PQbackendPID(pointer) }

    // MARK: Connecting

    private static func connect(_ settings: ConnectionSettings) throws(PostgresError) -> OpaquePointer {
        let (names, values) = (Array(settings.keywords.keys), Array(settings.keywords.values))
        let started = withCStrings(names) { names in
            withCStrings(values) { values in PQconnectStartParams(names, values, 0) }
        }
        guard let pointer = started else { throw .unavailable(reason: "no memory for a connection") }
        let deadline = ContinuousClock.now.advanced(by: settings.connectTimeout)
        var wants = POLLOUT
        while PQstatus(pointer) != CONNECTION_BAD {
            if poll(PQsocket(pointer), for: Int32(wants), or: nil, until: deadline) == .timedOut {
                PQfinish(pointer)
                throw .unavailable(reason: "PostgreSQL did not let us in within \(settings.connectTimeout)")
            }
            switch PQconnectPoll(pointer) {
            case PGRES_POLLING_OK: return pointer
            case PGRES_POLLING_READING: wants = POLLIN
            case PGRES_POLLING_WRITING: wants = POLLOUT
            default: break
            }
        }
        // Names hosts, roles and databases, and no password.
        let reason = String(cString: PQerrorMessage(pointer)).split(separator: "\n").joined(separator: " ")
        PQfinish(pointer)
        throw .unavailable(reason: reason)
    }

    // MARK: Statements

    /// Sends `statements` and one sync: outside BEGIN and COMMIT they are one transaction, in one round trip. Those not
    /// yet prepared are prepared in the same round trip.
    /// - Parameter isCancellable: whether the interruption, and the end of the time for a round trip, ask the server to
    ///   stop.
    /// - Throws: the first error; what stood after it was not run.
    func run(_ sqls: [SQL], isCancellable: Bool = true) throws(PostgresError) -> [SQLResult] {
        guard !isBroken else { throw .unavailable(reason: "the connection was already lost") }
        self.isCancellable = isCancellable
        isCancelling = false
        try deallocate(statements.takeDiscarded())
        let mayRepeat = !isInTransaction
        do {
            return try pipeline(sqls)
        } catch .server(let error) where error.state.saysStatementIsStale {
            // Somebody changed the schema, or dropped our prepared statements. All of it was rolled back.
            for sql in sqls { statements.forget(sql.text) }
            guard mayRepeat, !isInTransaction else { throw .server(error) }
            return try pipeline(sqls)
        }
    }

    private enum Step {
        case prepare(text: String, name: String)
        case execute
    }

    private func pipeline(_ sqls: [SQL]) throws(PostgresError) -> [SQLResult] {
        for sql in sqls where sql.holdsNUL { throw .server(.nulByte) }
        var steps: [Step] = []
        steps.reserveCapacity(sqls.count)
        var names: [String: String] = [:]
        for sql in sqls {
            let text = sql.text
            let name: String
            if let known = statements.name(for: text) ?? names[text] {
                name = known
            } else {
                name = statements.freshName()
                names[text] = name
                try send(PQsendPrepare(pointer, name, text, 0, nil), first: steps.isEmpty)
                steps.append(.prepare(text: text, name: name))
            }
            let sent = withCStrings(sql.parameters.map(\.textOrNil)) { values in
                PQsendQueryPrepared(pointer, name, Int32(sql.parameters.count), values, nil, nil, 0)
            }
            try send(sent, first: steps.isEmpty)
            steps.append(.execute)
        }
        try send(PQpipelineSync(pointer), first: false)
        return try collect(steps, until: deadline())
    }

    /// - Parameter first: whether nothing went before, so that nothing can have happened.
    private func send(_ accepted: Int32, first: Bool) throws(PostgresError) {
        guard accepted != 1 else { return }
        isBroken = true
        throw first ? .unavailable(reason: "the connection was already lost") : lost()
    }

    private func collect(
        _ steps: [Step], until deadline: Deadline?
    ) throws(PostgresError) -> [SQLResult] {
        try flush(until: deadline)
        var results: [SQLResult] = []
        results.reserveCapacity(steps.count)
        var failure: ServerError?
        for step in steps {
            while let answer = try nextAnswer(until: deadline) {
                if let (error, closesConnection) = answer.error {
                    if closesConnection || PQstatus(pointer) == CONNECTION_BAD { throw lost(after: error) }
                    failure = failure ?? error
                } else if answer.status == PGRES_PIPELINE_ABORTED {
                    continue
                } else {
                    switch step {
                    case .prepare(let text, let name): statements.prepared(text, as: name)
                    case .execute: results.append(SQLResult(answer))
                    }
                }
            }
        }
        guard let sync = try nextAnswer(until: deadline), sync.status == PGRES_PIPELINE_SYNC else { throw lost() }
        if let failure {
            // Somebody else writes now; a connection made anew may find them.
            if failure.state == .readOnlyTransaction { isSpoiled = true }
            throw .server(failure)
        }
        return results
    }

    /// Several statements in one text without parameters, as psql would send them: one transaction unless the text
    /// says otherwise. Waits as long as it takes.
    func script(_ text: String) throws(PostgresError) {
        PQexitPipelineMode(pointer)
        defer { PQenterPipelineMode(pointer) }
        try send(PQsendQuery(pointer, text), first: true)
        try flush(until: nil)
        var failure: ServerError?
        while let answer = try nextAnswer(until: nil) {
            guard let (error, closesConnection) = answer.error else { continue }
            if closesConnection || PQstatus(pointer) == CONNECTION_BAD { throw lost(after: error) }
            failure = failure ?? error
        }
        if let failure { throw .server(failure) }
    }

    private func deallocate(_ names: [String]) throws(PostgresError) {
        guard !names.isEmpty, !hasFailedTransaction else { return }
        try script(names.map { "DEALLOCATE \($0)" }.joined(separator: ";"))
    }

    /// What the server keeps of a password, made here so that no statement and no log has the password.
    func scramVerifier(of password: String, for role: String) throws(PostgresError) -> String {
        guard let verifier = PQencryptPasswordConn(pointer, password, role, "scram-sha-256") else {
            throw .unavailable(reason: "no memory for a password")
        }
        defer { PQfreemem(verifier) }
        return String(cString: verifier)
    }

    // MARK: Notifications

    /// Payloads that have arrived; waits for the next ones.
    /// - Returns: `nil` when `interruption` was signaled.
    func notifications() throws(PostgresError) -> [String]? {
        guard poll(socket, for: POLLIN, or: interruption, until: nil) == .ready else { return nil }
        guard PQconsumeInput(pointer) == 1 else { throw lost() }
        var payloads: [String] = []
        while let notification = PQnotifies(pointer) {
            payloads.append(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
        return payloads
    }

    // MARK: Waiting

    /// When to ask the server to stop, and when to give it up.
    private struct Deadline {
        let cancel: ContinuousClock.Instant
        var end: ContinuousClock.Instant { cancel.advanced(by: .seconds(1)) }
    }

    private func deadline() -> Deadline? {
        guard settings.roundTripTimeout > .zero else { return nil }
        return Deadline(cancel: .now.advanced(by: settings.roundTripTimeout))
    }

    /// Waits for a cancel request that is under way, so that it does not hit what is sent next.
    func settleCancelling() throws(PostgresError) {
        if let canceler, !canceler.settle() {
            isBroken = true
            throw .unavailable(reason: "PostgreSQL did not answer in time")
        }
    }

    private func flush(until deadline: Deadline?) throws(PostgresError) {
        while true {
            switch PQflush(pointer) {
            case 0: return
            case 1: try wait(for: POLLIN | POLLOUT, until: deadline)
            default: throw lost()
            }
        }
    }

    private func nextAnswer(until deadline: Deadline?) throws(PostgresError) -> QueryResult? {
        while PQisBusy(pointer) == 1 { try wait(for: POLLIN, until: deadline) }
        return PQgetResult(pointer).map(QueryResult.init)
    }

    private func wait(for events: Int32, until deadline: Deadline?) throws(PostgresError) {
        var limits = [deadline?.end]
        if isCancellable {
            // A cancel request that overtakes its statement has no effect, so it is repeated.
            limits.append(isCancelling ? ContinuousClock.now.advanced(by: .milliseconds(100)) : deadline?.cancel)
        }
        switch poll(
            socket, for: events, or: isCancellable ? interruption : nil, until: limits.compactMap(\.self).min())
        {
        case .ready:
            if PQconsumeInput(pointer) != 1 { throw lost() }
        case .woken:
            interruption.clear()
            cancel()
        case .timedOut:
            if let deadline, deadline.end <= .now {
                isBroken = true
                throw .outcomeUnknown(reason: "PostgreSQL did not answer in time")
            }
            cancel()
        }
    }

    private func cancel() {
        isCancelling = true
        isSpoiled = true
        canceler?.cancel()
    }

    /// libpq's own message is left out: it may repeat an earlier error, and with it a value.
    private func lost(after error: ServerError? = nil) -> PostgresError {
        isBroken = true
        farewell = error?.message
        switch error?.state {
        // The server gave up a transaction that we left idle: that is an answer.
        case .some(let state) where state.rawValue.hasPrefix("25"): return error.map { .server($0) } ?? lost()
        case .some(let state) where !state.rawValue.isEmpty:
            return .outcomeUnknown(reason: "PostgreSQL closed the connection (\(state.rawValue))")
        default: return .outcomeUnknown(reason: "the connection to PostgreSQL broke")
        }
    }
}

extension SQLState {
    /// `cached plan must not change result type`, and a prepared statement that does not exist.
    var saysStatementIsStale: Bool { rawValue == "0A000" || rawValue == "26000" }
}

extension SQL {
    /// PostgreSQL's text cannot hold a NUL, and libpq would cut the value off there.
    fileprivate var holdsNUL: Bool {
        parameters.contains { $0.textOrNil?.utf8.contains(0) ?? false }
    }
}

extension SQLParameter {
    fileprivate var textOrNil: String? {
        switch self {
        case .null: nil
        case .text(let text): text
        }
    }
}

extension ServerError {
    /// What the server would say itself.
    fileprivate static let nulByte = ServerError(
        state: SQLState(rawValue: "22021"), message: #"invalid byte sequence for encoding "UTF8": 0x00"#, detail: nil,
        constraint: nil, table: nil)
}
