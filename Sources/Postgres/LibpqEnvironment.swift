import CLibpq
import Glibc

/// The environment variables that libpq reads behind the back of whoever names a database (PostgreSQL manual, 34.15).
package enum LibpqEnvironment {
    /// Those that stand for no keyword of a connection.
    private static let others = [
        "PGDATESTYLE", "PGTZ", "PGGEQO", "PGSYSCONFDIR", "PGSERVICEFILE", "PGLOCALEDIR", "PGREQUIRESSL",
    ]

    package static var names: Set<String> {
        var names = Set(others)
        guard let options = PQconninfoParse("", nil) else { return names }
        defer { PQconninfoFree(options) }
        var option = options
        while option.pointee.keyword != nil {
            if let variable = option.pointee.envvar { names.insert(String(cString: variable)) }
            option += 1
        }
        return names
    }

    /// Takes them away, so that a connection is what its URL says. For the very start of a process: no other thread may
    /// look at the environment meanwhile.
    package static func forget() {
        for name in names { unsetenv(name) }
    }
}
