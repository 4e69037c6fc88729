import Foundation
package import HTTP
import HTTPTypes
import Provisioning
import Values

/// What needs a person.
struct InterventionRoutes: Sendable {
    let interventions: Interventions

    var endpoints: [Endpoint] { [list, resolve] }

    private var list: Endpoint {
        Endpoint(
            method: .get, path: "/api/manual-interventions",
            summary: "Meetings that may be left at a provider and that somebody must look at, newest first.",
            tag: "Operations", access: .admins, scope: .operations,
            parameters: [.query("closed", .boolean, "Those that have been seen to."), .limit, .cursor],
            responses: [
                .json(
                    .ok,
                    .page(
                        of: .named(
                            "ManualIntervention",
                            .object([
                                Schema.required("id", .id), Schema.required("sessionId", .id),
                                Schema.required("provider", .enumeration(of: ProviderName.self)),
                                Schema.required("code", .text), Schema.required("reason", .text),
                                Schema.optional(
                                    "externalId", .text, "The provider's id of the meeting, if we know it."),
                                Schema.required("openedAt", .time), Schema.optional("closedAt", .time),
                            ]))), "One page.")
            ]
        ) { request in
            let page = try await interventions.list(
                closed: request.boolean("closed"), after: try request.cursor(), limit: request.limit,
                as: try request.actor())
            return try .json(page.map(InterventionResponse.init))
        }
    }

    private var resolve: Endpoint {
        Endpoint(
            method: .post, path: "/api/manual-interventions/{id}/resolve",
            summary: "Closes a case that somebody has seen to.", tag: "Operations", access: .admins, scope: .operations,
            parameters: [.path("id", note: "The case's id.")], responses: [.empty(.noContent, "It is closed.")]
        ) { request in
            try await interventions.resolve(try request.id("id"), as: try request.actor())
            return .empty()
        }
    }
}

private struct InterventionResponse: Encodable {
    let id: InterventionID
    let sessionId: SessionID
    let provider: ProviderName
    let code: String
    let reason: String
    let externalId: String?
    let openedAt: Date
    let closedAt: Date?

    init(_ intervention: Interventions.Intervention) {
        id = intervention.id
        sessionId = SessionID(intervention.sagaId)
        provider = intervention.provider
        code = intervention.reason.code
        reason = intervention.reason.sentence
        externalId = intervention.externalId
        openedAt = intervention.openedAt
        closedAt = intervention.closedAt
    }
}

extension NoSuchIntervention: ProblemConvertible {
    package var problem: Problem { .notFound }
}
