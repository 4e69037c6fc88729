/// Why a database could not be dumped or restored.
package enum DumpError: Error, CustomStringConvertible {
    /// `nil`: not even one version of them is there.
    case noPrograms(version: Int?)
    case failed(String, String)

    package var description: String {
        switch self {
        case .noPrograms(let version):
            """
            PostgreSQL's programs pg_dump, pg_restore and psql, version \(version ?? PostgresPrograms.oldestVersion) or \
            newer, are not installed: install Debian's package "postgresql-client", or set \
            \(PostgresPrograms.variable) to their folder.
            """
        case .failed(let program, let output):
            "\(program) failed: \(output.split(separator: "\n").suffix(5).joined(separator: " | "))"
        }
    }
}
