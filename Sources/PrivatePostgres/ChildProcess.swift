import Foundation
import Glibc

/// A program that we started. Our signal handling and our open files do not reach it.
///
/// swift-subprocess is not used: 2 of 13 starts with its user options hung (see the decision page on PostgreSQL).
struct ChildProcess {
    /// Where one of its three standard streams goes, or comes from.
    enum Stream {
        /// Read from, or appended to.
        case file(String)
        /// One of ours, which stays open here.
        case descriptor(Int32)
    }

    let id: pid_t

    /// - Parameters:
    ///   - errors: `nil`: to where the output goes.
    ///   - environment: beside the few variables that every program gets.
    init(
        _ command: [String], input: Stream = .file("/dev/null"), output: Stream, errors: Stream? = nil,
        environment: [String: String] = [:]
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        switch input {
        case .file(let path): posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
        case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
        }
        for (stream, number) in [(output, Int32(1)), (errors ?? .descriptor(1), 2)] {
            switch stream {
            case .file(let path):
                posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
            }
        }
        for descriptor in Self.openDescriptors() where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A process group of its own, so that Ctrl-C reaches only us, and we stop PostgreSQL last.
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let basics = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"]
        let variables = basics.merging(environment) { _, given in given }.map { "\($0.key)=\($0.value)" }
        var id: pid_t = 0
        let failure = withCStrings(command) { arguments in
            withCStrings(variables) { variables in
                posix_spawn(&id, command[0], &actions, &attributes, arguments, variables)
            }
        }
        guard failure == 0 else {
            throw PrivateClusterError.failed(program: command[0], output: String(cString: strerror(failure)))
        }
        self.id = id
    }

    /// Not every library opens its files to be closed in children. One that is gone by then is no error.
    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }
    }

    /// Waits for its end without reaping it, so that until ``reap()`` its number is nobody else's.
    func waitForEnd() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// - Returns: whether it ended by itself and with success.
    @discardableResult
    func reap() -> Bool {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status == 0
    }
}

private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
