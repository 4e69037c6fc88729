import Foundation
package import Glibc
package import Logging
import ServiceLifecycle
import Synchronization
import Values

/// A PostgreSQL of our own in a data folder, reached only through a socket in a folder of its own.
///
/// Put it first into the service group, so that it stops last. When PostgreSQL dies, it is started again; when we die,
/// even by kill -9, it shuts itself down.
package final class PrivateCluster: Service {
    package static let owner = "convene_owner"
    package static let database = "convene"
    static let port = 5432

    private enum Progress {
        case waiting([CheckedContinuation<Result<String, any Error>, Never>])
        case known(Result<String, any Error>)
    }

    private struct Contents {
        var isStarted = false
        var isStopping = false
        var start = Progress.waiting([])
        /// Set while its number is its own: it is reaped under the lock.
        var process: ChildProcess?
    }

    private let folder: ClusterFolder
    private let settings: [String: String]
    private let logger: Logger
    private let timeout: Duration
    private let log: BoundedLog
    private let contents = Mutex(Contents())
    private let ended = AsyncStream<Void>.makeStream()

    /// - Parameters:
    ///   - settings: PostgreSQL's, over ours.
    ///   - timeout: for how long the first start is tried again: after a kill -9 starts fail until the last process
    ///     of the PostgreSQL before is gone (measured: 5 to 8 s).
    ///   - logLimit: the bytes at which PostgreSQL's log is put aside.
    package init(
        folder: String, settings: [String: String] = [:], logger: Logger, timeout: Duration = .seconds(30),
        logLimit: Int = 10_000_000
    ) {
        self.timeout = timeout
        self.folder = ClusterFolder(folder)
        log = BoundedLog(path: self.folder.log, limit: logLimit)
        self.settings = Self.defaultSettings.merging(settings) { _, given in given }
        self.logger = logger
    }

    /// Starts PostgreSQL, making its data first when there is none. Further calls wait for the same start.
    /// - Returns: what the owner connects with, as libpq's keyword string, once PostgreSQL answers.
    /// - Throws: ``PrivateClusterError``.
    package func start() async throws -> String {
        let isFirst = contents.withLock { contents in
            defer { contents.isStarted = true }
            return !contents.isStarted
        }
        if isFirst {
            // One thread for PostgreSQL's whole life: it dies with the thread that started it.
            let thread = Thread { self.supervise() }
            thread.name = "postgres-cluster"
            thread.start()
        }
        return try await withCheckedContinuation { continuation in
            let known: Result<String, any Error>? = contents.withLock { contents in
                switch contents.start {
                case .known(let result): return result
                case .waiting(let others):
                    contents.start = .waiting(others + [continuation])
                    return nil
                }
            }
            if let known { continuation.resume(returning: known) }
        }.get()
    }

    /// PostgreSQL's fast shutdown: open transactions are rolled back. Waits for its end; after 30 s it is told to stop
    /// at once, and recovers when it is started again.
    package func stop() async {
        let isRunning = contents.withLock { contents in
            contents.isStopping = true
            return contents.isStarted
        }
        guard isRunning else { return }
        signal(SIGINT)
        await withTaskGroup { group in
            group.addTask { [ended] in for await _ in ended.stream {} }
            group.addTask { [self] in
                try? await Task.sleep(for: .seconds(30))
                if !Task.isCancelled { signal(SIGQUIT) }
                for await _ in ended.stream {}
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// PostgreSQL's first process while there is one, for tests that kill it.
    package var processID: pid_t? { contents.withLock { $0.process?.id } }

    package func run() async throws {
        _ = try await start()
        await withTaskGroup { group in
            group.addTask { try? await gracefulShutdown() }
            group.addTask { [log] in await log.keepBounded() }
            await group.next()
            group.cancelAll()
        }
        await stop()
    }

    private func signal(_ number: Int32) {
        contents.withLock { contents in
            if let process = contents.process { kill(process.id, number) }
        }
    }

    // MARK: On the cluster's thread

    private func supervise() {
        defer { ended.continuation.finish() }
        do {
            let user = try ClusterUser.owner(of: folder.data) ?? ClusterUser.choose()
            let account = UserEntry(of: user)
            guard folder.exists || account.isUsable else { throw PrivateClusterError.userUnknown(user.uid) }
            try folder.create()
            let lock = try FolderLock(folder)
            defer { withExtendedLifetime(lock) {} }
            let programs = try PostgresPrograms(forData: folder.dataVersion)
            try folder.createSocketFolder(for: user)
            if !folder.exists { try initialize(programs, as: user, known: account) }
            try folder.writeAccessRules(for: user)
            try checkReach(of: user)
            try keepRunning(user.running([programs.postgres] + arguments))
        } catch {
            announce(.failure(error))
        }
    }

    private func initialize(_ programs: PostgresPrograms, as user: ClusterUser, known account: UserEntry) throws {
        logger.info("making a new database", metadata: ["folder": "\(folder.path)"])
        try? FileManager.default.removeItem(atPath: folder.unfinishedData)
        try? FileManager.default.removeItem(atPath: folder.initializationLog)
        guard mkdir(folder.unfinishedData, 0o700) == 0 else {
            throw PrivateClusterError.folderNotWritable(folder.path, reason: String(cString: strerror(errno)))
        }
        try folder.give(folder.unfinishedData, to: user)
        try checkReach(of: user)
        let environment = try account.environment(in: folder)
        defer { account.remove(from: folder) }
        let sync = settings["fsync"] == "off" ? ["--no-sync"] : []
        try runToEnd(
            user.running(
                [
                    programs.initdb, "-D", folder.unfinishedData, "--username=\(Self.owner)", "--auth=trust",
                    "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
                ] + sync), environment: environment)
        // In single-user mode, so that data which has its final name has its database too.
        let statement = folder.path + "/initdb.sql"
        try Data("CREATE DATABASE \(Self.database)\n".utf8).write(to: URL(filePath: statement))
        defer { try? FileManager.default.removeItem(atPath: statement) }
        try runToEnd(
            user.running([programs.postgres, "--single", "-D", folder.unfinishedData, "postgres"]), input: statement,
            environment: environment)
        guard rename(folder.unfinishedData, folder.data) == 0 else {
            throw PrivateClusterError.folderNotWritable(folder.path, reason: String(cString: strerror(errno)))
        }
        try? FileManager.default.removeItem(atPath: folder.initializationLog)
    }

    private func runToEnd(
        _ command: [String], input: String = "/dev/null", environment: [String: String]
    ) throws {
        let process = try ChildProcess(
            command, input: .file(input), output: .file(folder.initializationLog), environment: environment)
        guard process.reap() else {
            let program = command.first { $0.contains("/postgresql/") || $0.hasSuffix("/initdb") } ?? command[0]
            throw PrivateClusterError.failed(program: program, output: folder.tail(of: folder.initializationLog))
        }
    }

    private func checkReach(of user: ClusterUser) throws {
        for place in [folder.exists ? folder.data : folder.unfinishedData, folder.socketFolder] {
            let process = try ChildProcess(user.running(["/usr/bin/test", "-w", place]), output: .file("/dev/null"))
            guard process.reap() else { throw PrivateClusterError.folderOutOfReach(place, user: user.name) }
        }
    }

    /// Starts PostgreSQL again whenever it ends, until ``stop()``.
    private func keepRunning(_ command: [String]) throws {
        let lastTry = ContinuousClock.now.advanced(by: timeout)
        while true {
            log.putAsideIfFull()
            let process: ChildProcess? = try contents.withLock { contents in
                guard !contents.isStopping else { return nil }
                contents.process = try ChildProcess(command, output: .file(folder.log))
                return contents.process
            }
            guard let process else { return announce(.failure(CancellationError())) }
            let wasReady = awaitReadiness(of: process)
            if wasReady { announce(.success(url)) }
            process.waitForEnd()
            let isStopping = contents.withLock { contents in
                contents.process = nil
                process.reap()
                return contents.isStopping
            }
            if isStopping { return announce(.failure(CancellationError())) }
            logger.warning("PostgreSQL ended and is started again", metadata: ["log": "\(folder.tail(of: folder.log))"])
            if !isAnnounced, lastTry < .now {
                throw PrivateClusterError.didNotStart(log: folder.tail(of: folder.log))
            }
            usleep(wasReady ? 50_000 : 250_000)
        }
    }

    private func awaitReadiness(of process: ChildProcess) -> Bool {
        while folder.readyProcess() != process.id {
            var information = siginfo_t()
            waitid(P_PID, id_t(process.id), &information, WEXITED | WNOWAIT | WNOHANG)
            if information.si_signo != 0 { return false }
            usleep(10_000)
        }
        return true
    }

    private var isAnnounced: Bool {
        contents.withLock { contents in
            if case .known = contents.start { true } else { false }
        }
    }

    /// Tells whoever waits for the start; only the first outcome counts.
    private func announce(_ result: Result<String, any Error>) {
        let waiting = contents.withLock { contents -> [CheckedContinuation<Result<String, any Error>, Never>] in
            guard case .waiting(let waiting) = contents.start else { return [] }
            contents.start = .known(result)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: result) }
    }

    /// Whether there is a database in `folder`, running or not.
    package static func exists(in folder: String) -> Bool { ClusterFolder(folder).exists }

    /// What the owner connects with while another process runs the PostgreSQL in `folder`.
    package static func address(inUseIn folder: String) -> String {
        address(of: ClusterFolder(folder))
    }

    private var url: String { Self.address(of: folder) }

    private static func address(of folder: ClusterFolder) -> String {
        let socket = folder.socketFolder.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "host='\(socket)' port=\(port) dbname=\(database) user=\(owner)"
    }

    private var arguments: [String] {
        let own = ["listen_addresses": "", "unix_socket_directories": socketSetting, "port": String(Self.port)]
        let all = settings.merging(own) { _, own in own }.sorted { $0.key < $1.key }
        return ["-D", folder.data] + all.flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }

    /// A list, so a comma or a quote in the path needs quotes around it.
    private var socketSetting: String { "\"" + folder.socketFolder.replacing("\"", with: "\"\"") + "\"" }

    /// For a small server. A statement's error is told to whoever sent it, and is logged there when it means something:
    /// a refused booking is one too, and anybody could fill the disk with them. What ends a connection, or PostgreSQL,
    /// and what it says by itself is logged (`log` is above `error` in a server's log).
    private static let defaultSettings = [
        "shared_buffers": "128MB", "max_connections": "100", "timezone": "UTC", "log_timezone": "UTC",
        "logging_collector": "off", "log_min_messages": "log", "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "unix_socket_permissions": "0700", "lc_messages": "C",
    ]
}
