import Foundation
import Glibc

/// What `getpwuid` tells PostgreSQL's initdb of the user that runs it: it makes no database for one without a name.
///
/// A container may run under any number (`docker run --user`, OpenShift). Debian's libnss-wrapper then answers in place of
/// /etc/passwd. Once the database exists, nobody asks any more.
struct UserEntry {
    private let user: ClusterUser
    private let isKnown: Bool
    private let wrapper: String?

    init(of user: ClusterUser, wrapper: String? = Self.installedWrapper()) {
        self.user = user
        self.wrapper = wrapper
        // Where the wrapper is at work already, it answers here too, but not in programs that get no variables of ours.
        isKnown = getpwuid(user.uid) != nil && getenv("NSS_WRAPPER_PASSWD") == nil
    }

    var isUsable: Bool { isKnown || wrapper != nil }

    /// What a program needs in its environment to find the entry, which is written into `folder`.
    func environment(in folder: ClusterFolder) throws -> [String: String] {
        guard !isKnown, let wrapper else { return [:] }
        try Data("convene:x:\(user.uid):\(user.gid):Convene:/:/bin/sh\n".utf8)
            .write(to: URL(filePath: people(in: folder)))
        try Data("convene:x:\(user.gid):\n".utf8).write(to: URL(filePath: groups(in: folder)))
        return [
            "LD_PRELOAD": wrapper, "NSS_WRAPPER_PASSWD": people(in: folder), "NSS_WRAPPER_GROUP": groups(in: folder),
        ]
    }

    func remove(from folder: ClusterFolder) {
        for file in [people(in: folder), groups(in: folder)] { unlink(file) }
    }

    private func people(in folder: ClusterFolder) -> String { folder.path + "/initdb.passwd" }
    private func groups(in folder: ClusterFolder) -> String { folder.path + "/initdb.group" }

    private static func installedWrapper() -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
        let folders = names.sorted().map { "/usr/lib/\($0)" } + ["/usr/lib", "/usr/lib64", "/usr/local/lib"]
        return folders.map { "\($0)/libnss_wrapper.so" }.first { path in
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }
}
