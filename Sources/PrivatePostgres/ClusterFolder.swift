import Foundation
import Glibc

/// What lies where in a data folder.
struct ClusterFolder {
    let path: String
    /// Where PostgreSQL puts its socket: beside the data, or in a short path when that one is too long.
    let socketFolder: String

    var data: String { path + "/postgres" }
    /// Made completely, then renamed to ``data``: a first start that was broken off leaves nothing half made there.
    var unfinishedData: String { path + "/postgres.unfinished" }
    var log: String { path + "/postgres.log" }
    var initializationLog: String { path + "/initdb.log" }

    /// The longest path of a unix socket, without the zero at its end.
    private static let longestSocketPath = 107
    private static let socketName = "/.s.PGSQL.\(PrivateCluster.port)"

    init(_ path: String) {
        let path = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let beside = self.path + "/socket"
        if beside.utf8.count + Self.socketName.utf8.count <= Self.longestSocketPath {
            socketFolder = beside
        } else {
            // The same path for the same folder each time (FNV-1a).
            let hash = self.path.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            socketFolder = (access("/run", W_OK) == 0 ? "/run" : "/tmp") + "/convene-" + String(hash, radix: 16)
        }
    }

    /// The major version that made the data; `nil` when there is none yet.
    var dataVersion: String? {
        (try? String(contentsOfFile: data + "/PG_VERSION", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    var exists: Bool { access(data + "/PG_VERSION", F_OK) == 0 }

    func create() throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw PrivateClusterError.folderNotWritable(path, reason: "it cannot be created")
        }
    }

    /// Makes the socket's folder, for `user` alone: whoever can open the socket is the database's owner.
    func createSocketFolder(for user: ClusterUser) throws {
        var status = stat()
        if mkdir(socketFolder, 0o700) != 0 {
            // Somebody else could have put it into /tmp first.
            guard lstat(socketFolder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                [user.uid, geteuid()].contains(status.st_uid)
            else { throw PrivateClusterError.socketFolderTaken(socketFolder) }
        }
        try give(socketFolder, to: user)
    }

    /// Closes `folder` to everybody but `user`.
    func give(_ folder: String, to user: ClusterUser) throws {
        guard chmod(folder, 0o700) == 0, chown(folder, user.uid, user.gid) == 0 else {
            throw PrivateClusterError.folderNotWritable(folder, reason: String(cString: strerror(errno)))
        }
    }

    /// Says who is let in, anew at every start: whoever reaches the socket, and nobody by any other way. Its folder is
    /// closed to everybody but the server.
    func writeAccessRules(for user: ClusterUser) throws {
        let file = data + "/pg_hba.conf"
        let rules = Data(
            """
            # Written by Convene at every start. Whoever reaches the socket is let in; its folder is closed to others.
            local all all trust

            """.utf8)
        if (try? Data(contentsOf: URL(filePath: file))) == rules { return }
        do {
            try rules.write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw PrivateClusterError.folderNotWritable(data, reason: "\(file) cannot be written")
        }
        guard chmod(file, 0o600) == 0, chown(file, user.uid, user.gid) == 0 else {
            throw PrivateClusterError.folderNotWritable(data, reason: String(cString: strerror(errno)))
        }
    }

    /// The last lines of a log, in one.
    func tail(of log: String) -> String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: " | ")
    }

    /// The process number of a PostgreSQL that answers, as it writes it into its own lock file.
    func readyProcess() -> pid_t? {
        guard let text = try? String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 8, lines[7].hasPrefix("ready") else { return nil }
        return pid_t(lines[0])
    }
}

/// Held while a server uses a data folder, and let go by the kernel when the server dies.
final class FolderLock: Sendable {
    private let descriptor: Int32

    init(_ folder: ClusterFolder) throws {
        descriptor = open(folder.path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw PrivateClusterError.folderNotWritable(folder.path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw PrivateClusterError.folderInUse(folder.path)
        }
    }

    deinit {
        close(descriptor)
    }
}
