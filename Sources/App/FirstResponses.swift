import Access
import Durable
import HTTP
import Postgres
import Secrets
import Values

/// The first responses to creating requests, as the database keeps them.
struct FirstResponses: ResponseStore {
    /// As `convene_app`.
    let database: Database
    let secrets: SecretBox

    func first(to request: IdempotentRequest, of apiRequest: APIRequest) async throws -> FirstResponse? {
        let person = try apiRequest.person()
        // Whoever was taken out of the organization since is told nothing of it.
        let acting =
            apiRequest.access.allRoles.isEmpty
            ? database.acting(as: person) : database.acting(as: try apiRequest.actor())
        let kept = try await acting.row(Idempotency.kept(under: request), as: Idempotency.Kept.self)
        guard let kept else { return nil }
        guard kept.isSameRequest else { return .toAnotherRequest }
        return .toTheSame(try kept.response(openedWith: secrets, for: person.user))
    }
}
