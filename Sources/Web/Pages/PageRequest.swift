import HTTP
import Hummingbird
import Identity
import Values

/// One request to a page.
struct PageRequest: Sendable {
    let request: Request
    let context: AppContext

    var query: PageQuery { PageQuery(request) }

    /// Where it comes from.
    var client: ClientInfo { ClientInfo(address: context.address, agent: request.headers[.userAgent]) }

    /// A path parameter; empty where there is none.
    func parameter(_ name: String) -> String { context.parameters.get(name) ?? "" }

    /// A path parameter that is an id.
    /// - Throws: 404 where it is none: nothing is there.
    func id<Owner>(_ name: String) throws -> ID<Owner> {
        guard let id = ID<Owner>(parameter(name)) else { throw Problem.notFound }
        return id
    }

    func form() async throws -> Form { try await Form(request) }
}
