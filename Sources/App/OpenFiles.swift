import Glibc
import Values

/// How many files and connections this process may have open at once.
enum OpenFiles {
    /// More than this would only be so many more places for connections that ask nothing.
    private static let enough: rlim_t = 65_536

    /// Raises the soft limit, which shells and service managers set for programs that cannot count beyond 1,024, to
    /// the hard one.
    /// - Returns: the limit that holds now.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < min(limit.rlim_max, enough) {
            var raised = limit
            raised.rlim_cur = min(limit.rlim_max, enough)
            if setrlimit(files, &raised) == 0 { limit = raised }
        }
        return Int(clamping: min(limit.rlim_cur, 1 << 30))
    }

    /// How many of `limit` are left for connections to us, after those to the database, to providers and issuers, and
    /// files have theirs.
    static func leftForConnections(of limit: Int, databaseConnections: Int) -> Int {
        max(16, limit - 2 * databaseConnections - 160)
    }
}
