import Foundation
import Glibc

/// PostgreSQL's own pg_dump, pg_restore and psql.
package struct DumpPrograms: Sendable {
    private static let names = ["pg_dump", "pg_restore", "psql"]

    private let folder: String

    /// - Parameter version: the server's major version; `nil` for whichever is newest. A dump is made by the same version
    ///   when it is there, and else by the next newer: an older one refuses.
    package init(
        forServer version: Int?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        if let folder = environment[PostgresPrograms.variable], PostgresPrograms.holds(Self.names, in: folder) {
            self.folder = folder
            return
        }
        let installed = PostgresPrograms.debianFolders(holding: Self.names)
        let inPath = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        if let match = version.map({ version in installed.first { $0.version >= version } }) ?? installed.last {
            folder = match.folder
        } else if installed.isEmpty, let found = inPath.first(where: { PostgresPrograms.holds(Self.names, in: $0) }) {
            folder = found
        } else {
            throw DumpError.noPrograms(version: version)
        }
    }

    /// Dumps the database in PostgreSQL's custom format.
    /// - Parameters:
    ///   - descriptor: the file that takes it.
    ///   - snapshot: an exported one, which must stay open meanwhile.
    ///   - role: taken on for reading, under row-level security; `nil` for an owner whom it does not bind.
    package func dump(
        _ database: DumpedDatabase, to descriptor: Int32, snapshot: String, as role: String?
    ) async throws {
        let reading = role.map { ["--role=\($0)", "--enable-row-security"] } ?? []
        try await onThread {
            try run(
                "pg_dump", ["--format=custom", "--snapshot=\(snapshot)", "--dbname=\(database.address)"] + reading,
                output: .descriptor(descriptor), environment: database.environment)
        }
    }

    /// How many tables with data a dump holds.
    package func tables(in file: String) async throws -> Int {
        try await text("pg_restore", ["--list", file]).split(separator: "\n").count { $0.contains(" TABLE DATA ") }
    }

    /// The rows of one table in a dump, a row a line and a tab between values.
    package func rows(of table: String, in file: String) async throws -> [String] {
        let script = try await text("pg_restore", ["--data-only", "--table=\(table)", "--file=-", file])
        let lines = script.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("COPY ") }) else { return [] }
        return Array(lines[(start + 1)...].prefix { $0 != "\\." })
    }

    /// Everything in the dump, then `last`, in one transaction: either all of it is there afterward, or nothing.
    ///
    /// Everything belongs to whoever restores, until `last` says otherwise.
    package func restore(_ file: String, into database: DumpedDatabase, last: String) async throws {
        try await onThread {
            // A psql that gave up must not end us before we have read why.
            signal(SIGPIPE, SIG_IGN)
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw DumpError.failed("pipe", String(cString: strerror(errno))) }
            var writing: Int32? = ends[1]
            defer { if let writing { close(writing) } }
            let complaints = try ScratchFile()
            defer { complaints.remove() }
            let reader: ChildProcess
            do {
                defer { close(ends[0]) }
                reader = try ChildProcess(
                    [
                        "\(folder)/psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1",
                        "--dbname=\(database.address)",
                    ], input: .descriptor(ends[0]), output: .file("/dev/null"),
                    errors: .file(complaints.path), environment: database.environment)
            }
            var sent = send("BEGIN;\n", to: ends[1])
            // psql takes the end of its input for the end of the work, also when pg_restore broke off: what says COMMIT
            // is sent by us, and only when pg_restore has said everything.
            let failure: (any Error)?
            do {
                try run("pg_restore", ["--no-owner", "--file=-", file], output: .descriptor(ends[1]))
                failure = nil
                sent = sent && send("\n\(last)\nCOMMIT;\n", to: ends[1])
            } catch {
                failure = error
            }
            close(ends[1])
            writing = nil
            guard reader.reap(), sent else { throw DumpError.failed("psql", complaints.text) }
            if let failure { throw failure }
        }
    }

    private func text(_ program: String, _ arguments: [String]) async throws -> String {
        try await onThread {
            let output = try ScratchFile()
            defer { output.remove() }
            try run(program, arguments, output: .file(output.path))
            return output.text
        }
    }

    private func run(
        _ program: String, _ arguments: [String], output: ChildProcess.Stream, environment: [String: String] = [:]
    ) throws {
        let complaints = try ScratchFile()
        defer { complaints.remove() }
        let process = try ChildProcess(
            ["\(folder)/\(program)"] + arguments, output: output, errors: .file(complaints.path),
            environment: environment)
        guard process.reap() else { throw DumpError.failed(program, complaints.text) }
    }

    /// - Returns: whether all of it could be written.
    private func send(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                return false
            }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}

/// A database as pg_dump and psql are told of it.
package struct DumpedDatabase: Sendable {
    let address: String
    let environment: [String: String]

    /// - Parameters:
    ///   - address: libpq's keywords, without a password.
    ///   - password: by the environment, which only this user can read.
    package init(address: String, password: String?) {
        self.address = address
        environment = password.map { ["PGPASSWORD": $0] } ?? [:]
    }
}

/// What a program said, in a file for this user alone.
private struct ScratchFile {
    let path: String

    init() throws {
        var template = Array("/tmp/convene-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw DumpError.failed("mkstemp", String(cString: strerror(errno))) }
        close(descriptor)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    var text: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    func remove() { unlink(path) }
}

/// Waiting for a program blocks, so it has a thread of its own.
private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result(catching: work)) }
        thread.name = "postgres-program"
        thread.start()
    }
}
