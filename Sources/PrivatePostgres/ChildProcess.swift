import Foundation
import Glibc

/// A program that we started. Our signal handling and our open files do not reach it.
///
/// swift-subprocess is not used: 2 of 13 starts with its user options hung (see the decision page on PostgreSQL).
struct ChildProcess {
    let id: pid_t

    /// - Parameters:
    ///   - output: the file that takes standard output and error, appended to.
    ///   - input: the file that is read as standard input.
    init(_ command: [String], output: String, input: String = "/dev/null") throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
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

        let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"]
        var id: pid_t = 0
        let failure = withCStrings(command) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&id, command[0], &actions, &attributes, arguments, environment)
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
