import Glibc

/// Under whom PostgreSQL runs: ourselves, or somebody unprivileged when we are root, as PostgreSQL refuses root.
struct ClusterUser: Equatable {
    let name: String
    let uid: uid_t
    let gid: gid_t

    static func choose() throws -> ClusterUser {
        guard geteuid() == 0 else { return ClusterUser(uid: geteuid(), gid: getegid()) }
        for name in ["convene", "postgres", "nobody"] {
            if let entry = getpwnam(name) {
                return ClusterUser(name: name, uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
            }
        }
        throw PrivateClusterError.noUser
    }

    /// Who owns `folder` already; `nil` when there is no such folder.
    static func owner(of folder: String) throws -> ClusterUser? {
        var status = stat()
        guard stat(folder, &status) == 0 else { return nil }
        guard status.st_uid != 0 else { throw PrivateClusterError.folderBelongsToRoot(folder) }
        return ClusterUser(uid: status.st_uid, gid: status.st_gid)
    }

    /// The command line that runs `command` as this user, and ends it when the thread that started it ends: with a
    /// SIGINT, PostgreSQL's fast shutdown, so that a killed server leaves no orphan and no torn data.
    func running(_ command: [String]) -> [String] {
        let identity =
            geteuid() == 0 ? ["--reuid=\(uid)", "--regid=\(gid)", "--clear-groups"] : []
        return ["/usr/bin/setpriv", "--pdeathsig", "INT"] + identity + ["--"] + command
    }
}

extension ClusterUser {
    fileprivate init(uid: uid_t, gid: gid_t) {
        let name = getpwuid(uid).map { String(cString: $0.pointee.pw_name) } ?? String(uid)
        self.init(name: name, uid: uid, gid: gid)
    }
}
