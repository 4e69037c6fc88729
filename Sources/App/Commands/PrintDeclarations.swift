import Foundation
import Identity
import Logging
import Values
import Web

// What is declared of the API and the pages. The settings are read, and nothing is called.

extension Commands {
    package static func openAPI() async throws {
        print(try WebServer.openAPIDocument(try await services(), clock: SystemClock()))
    }

    package static func pages() async throws {
        print(try await WebServer.pageList(try await services(), clock: SystemClock()))
    }

    private static func services() async throws -> WebServer.Services {
        let contexts = try Contexts.unconnected(try Settings(flags: [:]), logger: Logger(label: "convene"))
        return await contexts.requestServices(signingKey: Data(count: 32), rules: PasswordRules(common: []))
    }
}
