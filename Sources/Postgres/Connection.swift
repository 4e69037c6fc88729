import Glibc
import Logging
import Synchronization

/// One connection on a thread of its own. It closes when the last reference to it is gone.
actor Connection {
    nonisolated let number: Int
    private let thread: ConnectionThread
    private let logger: Logger?
    private nonisolated let interruption = PollWakeup()
    private nonisolated let socket = Atomic<Int32>(-1)
    private nonisolated let isUsable = Atomic<Bool>(false)
    private nonisolated let isInterrupted = Atomic<Bool>(false)
    private var session: LibpqConnection?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(number: Int, logger: Logger? = nil) {
        self.number = number
        self.logger = logger
        thread = ConnectionThread(name: "postgres-\(number)")
    }

    /// - Parameter probing: whether to find out, behind a pooler, that sessions are our own.
    /// - Returns: whether there is a pooler.
    @discardableResult
    func open(_ settings: ConnectionSettings, probing: Bool) throws(PostgresError) -> Bool {
        let session = try LibpqConnection(settings, interruption: interruption)
        let isPooled = try settings.standing.take(session)
        if isPooled, probing { try PoolerProbe.check(session, settings) }
        self.session = session
        socket.store(session.socket, ordering: .relaxed)
        isUsable.store(true, ordering: .relaxed)
        return isPooled
    }

    /// Whether it can be lent to somebody else: connected, outside any transaction, and never interrupted, since a
    /// late cancel request would hit the next statement.
    nonisolated var isReusable: Bool {
        isUsable.load(ordering: .relaxed) && !isInterrupted.load(ordering: .relaxed)
    }

    /// Whether the server has said nothing while nobody asked. What it says then is most often that it hangs up.
    /// For the borrower, between statements.
    nonisolated var isQuiet: Bool {
        var descriptor = pollfd(fd: socket.load(ordering: .relaxed), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) == 0
    }

    /// Asks the server to stop the statement that is running or comes next.
    nonisolated func interrupt() {
        isInterrupted.store(true, ordering: .relaxed)
        interruption.signal()
    }

    /// Like ``run(_:after:)``, but a cancelled task stops the statement.
    nonisolated func runUnlessCancelled(_ sqls: [SQL], after opening: [SQL]) async throws(PostgresError) -> [SQLResult]
    {
        let result: Result<[SQLResult], PostgresError> = await withTaskCancellationHandler {
            do throws(PostgresError) {
                return .success(try await run(sqls, after: opening, unlessInterrupted: true))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            interrupt()
        }
        return try result.get()
    }

    /// - Parameter opening: goes first when no transaction is open; its results are dropped.
    func run(
        _ sqls: [SQL], after opening: [SQL] = [], unlessInterrupted: Bool = false
    ) throws(PostgresError) -> [SQLResult] {
        if unlessInterrupted, isInterrupted.load(ordering: .relaxed) {
            throw .unavailable(reason: "the task was cancelled before anything was sent")
        }
        return try withSession { session throws(PostgresError) in
            if opening.isEmpty || session.isInTransaction { return try session.run(sqls) }
            return Array(try session.run(opening + sqls).dropFirst(opening.count))
        }
    }

    func script(_ text: String, after opening: [SQL] = []) throws(PostgresError) {
        try withSession { session throws(PostgresError) in
            if !opening.isEmpty, !session.isInTransaction { _ = try session.run(opening) }
            try session.script(text)
        }
    }

    /// - Throws: the server's refusal of the COMMIT, or 25P02 when a statement had failed and the body went on
    ///   regardless: PostgreSQL answers such a COMMIT by rolling back.
    func commit() throws(PostgresError) {
        try withSession { session throws(PostgresError) in
            guard session.isInTransaction else { return }
            if session.hasFailedTransaction {
                _ = try session.run(["ROLLBACK"], isCancellable: false)
                throw .server(.statementFailedBefore)
            }
            try session.settleCancelling()
            _ = try session.run(["COMMIT"], isCancellable: false)
        }
    }

    /// Leaves the connection unusable when that fails.
    func rollBack() {
        try? withSession { session throws(PostgresError) in
            if session.isInTransaction { _ = try session.run(["ROLLBACK"], isCancellable: false) }
        }
    }

    func scramVerifier(of password: String, for role: String) throws(PostgresError) -> String {
        try withSession { session throws(PostgresError) in try session.scramVerifier(of: password, for: role) }
    }

    private func withSession<Value>(
        _ body: (LibpqConnection) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        guard let session else { throw .unavailable(reason: "the connection is not open") }
        defer { isUsable.store(session.isUsable, ordering: .relaxed) }
        do {
            return try body(session)
        } catch {
            // The caller hears "try again"; the operator must hear of a broken disk.
            if case .server(let fault) = error, fault.state.isTrouble {
                logger?.error("PostgreSQL is in trouble", metadata: ["error": "\(error)"])
            }
            throw error
        }
    }
}

extension ServerError {
    fileprivate static let statementFailedBefore = ServerError(
        state: SQLState(rawValue: "25P02"), message: "a statement of the transaction had failed, so it was rolled back",
        detail: nil, constraint: nil, table: nil)
}
