import App
import ArgumentParser
import Values

@main
struct Convene: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convene",
        abstract: "Books sessions, and gets everybody into the right meeting.",
        version: build.description,
        subcommands: [
            Serve.self, Simulate.self, Migrate.self, Check.self, Backup.self, Restore.self, InviteAdmin.self,
            RotateKeys.self, Seed.self, OpenAPI.self, Pages.self,
        ])

    static let build = BuildInfo(commit: commit)

    static func main() async {
        Commands.begin()
        await main(nil)
    }
}

/// Flags that every command on the data takes. Each stands for an environment variable, and goes before it.
struct DataOptions: ParsableArguments {
    @Option(help: "Where the private PostgreSQL and the keys live (CONVENE_DATA_DIR).")
    var dataDir: String?

    @Option(
        name: .customLong("database-url"),
        help: "A PostgreSQL of your own, 15 or newer, in place of the private one (DATABASE_URL).")
    var databaseURL: String?

    @Flag(help: "With demo data and simulated meeting providers (CONVENE_DEMO).")
    var demo = false

    var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["CONVENE_DATA_DIR"] = dataDir
        flags["DATABASE_URL"] = databaseURL
        if demo { flags["CONVENE_DEMO"] = "true" }
        return flags
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the server.")

    @OptionGroup var data: DataOptions

    @Option(help: "Where to listen (CONVENE_HOST, 127.0.0.1).")
    var host: String?

    @Option(help: "0 for any free port (CONVENE_PORT, 8080).")
    var port: Int?

    @Option(help: "web, worker or both (CONVENE_ROLES, web,worker).")
    var roles: String?

    func run() async throws {
        var flags = data.flags
        flags["CONVENE_HOST"] = host
        flags["CONVENE_PORT"] = port.map(String.init)
        flags["CONVENE_ROLES"] = roles
        try await Commands.serve(flags: flags, build: Convene.build)
    }
}

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run simulators for the meeting providers.")

    @Option(help: "0 for any free port.")
    var port = 8090

    @Option(name: .customLong("webhooks-to"), help: "The address of the Convene that is told of events.")
    var webhooksTo: String?

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
        guard webhooksTo.map({ $0.hasPrefix("http://") || $0.hasPrefix("https://") }) ?? true else {
            throw ValidationError("--webhooks-to is an address such as http://127.0.0.1:8080.")
        }
    }

    func run() async throws {
        try await Commands.simulate(port: port, webhooksTo: webhooksTo)
    }
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database's schema up or down, or look at it.")

    enum Direction: String, ExpressibleByArgument, CaseIterable { case up, down, verify, status }

    @OptionGroup var data: DataOptions

    @Argument(help: "up, down, verify (up, down and up again on an empty database) or status.")
    var direction: Direction

    @Option(help: "With down: the number of the last migration to keep, 0 for none.")
    var to: Int?

    @Flag(help: "With down: do not ask before data is lost.")
    var yes = false

    func validate() throws {
        if direction == .down, to == nil {
            throw ValidationError("Name with --to the last migration to keep: everything above is lost, with its data.")
        }
        if let to, to < 0 { throw ValidationError("--to is the number of a migration, or 0.") }
    }

    func run() async throws {
        switch direction {
        case .up: try await Commands.migrateUp(flags: data.flags)
        case .down:
            guard let to else { return }
            try await Commands.migrateDown(to: to, confirmed: yes, flags: data.flags)
        case .verify: try await Commands.verifyMigrations(flags: data.flags)
        case .status: try await Commands.migrationStatus(flags: data.flags)
        }
    }
}

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look whether the data keeps every promise; exits with 1, and shows the rows, when it does not.")

    @OptionGroup var data: DataOptions

    func run() async throws {
        guard try await Commands.check(flags: data.flags) else { throw ExitCode(1) }
    }
}

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write everything in the database to a file, whether the server runs or not.",
        discussion: "Only you can read the file. The keys are not in it: keep them too, and elsewhere.")

    @OptionGroup var data: DataOptions

    @Argument(help: "The file to make.")
    var file: String

    @Flag(help: "Replace the file when it is there.")
    var force = false

    func run() async throws {
        try await Commands.backup(to: file, replacing: force, flags: data.flags)
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup into an empty data folder, or an empty database, and check it.",
        discussion: "The server must not run. An older backup is brought up to date when the server starts.")

    @OptionGroup var data: DataOptions

    @Argument(help: "A file made by convene backup.")
    var file: String

    func run() async throws {
        guard try await Commands.restore(from: file, flags: data.flags) else { throw ExitCode(1) }
    }
}

struct RotateKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-keys",
        abstract: "Seal every secret with a new key; servers may go on meanwhile.",
        discussion: """
            The keys in the data folder are changed for a new one. With CONVENE_ENCRYPTION_KEY every secret is sealed \
            with the first key that it names, and the others may then be removed. Run again, it goes on where it was left.
            """)

    @OptionGroup var data: DataOptions

    @Flag(help: "Go on although the database's keys are gone: what they have sealed must be entered again.")
    var oldKeysAreLost = false

    func run() async throws {
        guard try await Commands.rotateKeys(oldKeysAreLost: oldKeysAreLost, flags: data.flags) else {
            throw ExitCode(1)
        }
    }
}

struct InviteAdmin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite-admin",
        abstract: "Print a link that makes a super admin, the platform's own, of whoever opens it. The first step "
            + "with a new installation.")

    @OptionGroup var data: DataOptions

    @Argument(help: "Their email address.")
    var email: String

    func run() async throws {
        try await Commands.inviteSuperAdmin(email, flags: data.flags)
    }
}

struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Put the demo's data into an empty database.")

    @OptionGroup var data: DataOptions

    func run() async throws {
        try await Commands.seed(flags: data.flags)
    }
}

struct OpenAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the interface as an OpenAPI 3.1 document.")

    func run() async throws {
        try await Commands.openAPI()
    }
}

struct Pages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the pages of the web app, and who may see each, as JSON.")

    func run() async throws {
        try await Commands.pages()
    }
}
