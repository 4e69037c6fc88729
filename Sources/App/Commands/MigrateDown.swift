import Foundation
import Glibc
import Postgres
import Schema

extension Commands {
    /// Why nothing was taken back.
    private enum DownRefusal: Error, CustomStringConvertible {
        case inUse(Int)
        case unconfirmed
        case noSuchMigration(Int, newest: Int)

        var description: String {
            switch self {
            case .inUse(let count):
                """
                Nothing was changed: \(count) other \(count == 1 ? "connection is" : "connections are") open on the \
                database. Stop every server first.
                """
            case .unconfirmed: "Nothing was changed. With --yes it is done without a question."
            case .noSuchMigration(let version, let newest):
                "Nothing was changed: there is no migration \(version) to keep; the newest is \(newest)."
            }
        }
    }

    /// Takes back every migration above `version`, once somebody has seen what is lost by it.
    /// - Parameter confirmed: `false`: asks on the terminal, and refuses without one.
    package static func migrateDown(to version: Int, confirmed: Bool, flags: [String: String]) async throws {
        try await onDatabase(flags) { owner in
            if let newest = try Migration.bundled().last?.version, version > newest {
                throw DownRefusal.noSuchMigration(version, newest: newest)
            }
            let migrator = try Migrator.bundled(on: owner)
            guard let last = try await migrator.status().applied.last, last.version > version else {
                return print("Nothing to do.")
            }
            try await refuseWhileInUse(owner)
            print("Going down from \(last.version) to \(version).")
            for loss in try await migrator.losses(downTo: version) { print("  \(loss)") }
            print("What is lost is gone for good: make a backup first (convene backup).")
            guard confirmed || isConfirmedOnTerminal() else { throw DownRefusal.unconfirmed }
            try await refuseWhileInUse(owner)
            let done = try await migrator.down(to: version)
            print(done.map { "down \($0.version) \($0.name)" }.joined(separator: "\n"))
        }
    }

    private static func refuseWhileInUse(_ owner: Database) async throws {
        // Of other people's connections an owner who is no superuser sees no more than this.
        let others = try await owner.row(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND usename IS NOT NULL AND pid <> pg_backend_pid()
            """, as: Int.self)
        if let others, others > 0 { throw DownRefusal.inUse(others) }
    }

    private static func isConfirmedOnTerminal() -> Bool {
        guard isatty(0) == 1 else { return false }
        print("Type yes to go on: ", terminator: "")
        fflush(nil)
        return readLine() == "yes"
    }
}
