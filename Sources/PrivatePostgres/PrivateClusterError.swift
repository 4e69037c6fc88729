/// Why our own PostgreSQL does not run. Each description is a sentence for whoever starts the server.
package enum PrivateClusterError: Error, Equatable, CustomStringConvertible {
    case noBinaries
    /// The data was made by a major version whose programs are not installed.
    case otherVersion(String)
    case folderInUse(String)
    case folderNotWritable(String, reason: String)
    case folderOutOfReach(String, user: String)
    case folderBelongsToRoot(String)
    case noUser
    /// It has no entry in /etc/passwd, which PostgreSQL's initdb asks for.
    case userUnknown(UInt32)
    case socketFolderTaken(String)
    case failed(program: String, output: String)
    case didNotStart(log: String)

    package var description: String {
        switch self {
        case .noBinaries:
            """
            PostgreSQL 15 or newer is not installed: install Debian's package "postgresql", set \
            \(PostgresPrograms.variable) to the folder of its programs, or set DATABASE_URL.
            """
        case .otherVersion(let version):
            "The data was made by PostgreSQL \(version), whose programs are not installed."
        case .folderInUse(let folder): "Another server is using the data folder \(folder)."
        case .folderNotWritable(let folder, let reason): "The data folder \(folder) cannot be used: \(reason)."
        case .folderOutOfReach(let folder, let user):
            """
            The user \(user), under whom PostgreSQL runs, cannot reach \(folder): every folder above it must let \
            others pass (chmod o+x), or choose another data folder.
            """
        case .folderBelongsToRoot(let folder):
            "\(folder) belongs to root, and PostgreSQL does not run as root: give it to another user with chown -R."
        case .noUser: "PostgreSQL does not run as root, and none of the users convene, postgres and nobody exists."
        case .userUnknown(let uid):
            """
            The user with the number \(uid), under whom Convene runs, has no entry in /etc/passwd, and PostgreSQL makes no \
            database without one: install Debian's package "libnss-wrapper", add an entry, or set DATABASE_URL.
            """
        case .socketFolderTaken(let folder): "\(folder), the folder for PostgreSQL's socket, belongs to somebody else."
        case .failed(let program, let output): "\(program) failed: \(output)"
        case .didNotStart(let log): "PostgreSQL did not start. Its log ends with: \(log)"
        }
    }
}
