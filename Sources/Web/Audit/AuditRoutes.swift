import Access
import Audit
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import Logging
import NIOCore
import Values

/// Who changed what.
struct AuditRoutes: Sendable {
    let audit: AuditLog

    var endpoints: [Endpoint] { [list, export] }

    private static let filters: [Endpoint.Parameter] = [
        .query("actor", .id, "Only what this person did."),
        .query("action", .enumeration(AuditSubject.actions), "Only changes of one kind."),
        .query("subjectType", .enumeration(of: AuditSubject.self), "Only changes of one kind of thing."),
        .query("subject", .text(1...200), "Only changes of the thing with this id."),
        .query("from", .time, "Only what was done then or later."),
        .query("to", .time, "Only what was done before."),
    ]

    private var list: Endpoint {
        Endpoint(
            method: .get, path: "/api/audit",
            summary: "Who changed what, from where, newest first: in the organization, or everywhere for a super "
                + "admin who names none.",
            tag: "Audit", access: .adminsOrPlatform, scope: .audit, parameters: Self.filters + [.limit, .cursor],
            responses: [.json(.ok, .page(of: .named("AuditEntry", Self.schema)), "One page.")]
        ) { request in
            let page = try await audit.list(
                Self.filter(request), after: try request.cursor(), limit: request.limit, as: try request.actor())
            return try .json(try page.map(AuditItem.init))
        }
    }

    private var export: Endpoint {
        Endpoint(
            method: .get, path: "/api/audit/export",
            summary: "The same as JSON lines, oldest first: hash is the SHA-256 of previousHash's bytes followed by "
                + "entry in UTF-8.",
            tag: "Audit", access: .adminsOrPlatform, scope: .audit, parameters: Self.filters + [.streamOrganization],
            responses: [.text(.ok, type: "application/x-ndjson", "One JSON object a line.")], handle: send)
    }

    private static let linesAtOnce = 500

    private func send(_ request: APIRequest) async throws -> Reply {
        let actor = try request.actor()
        let filter = Self.filter(request)
        // Refusals must be answers and not broken downloads.
        let first = try await audit.lines(filter, after: 0, limit: Self.linesAtOnce, as: actor)
        let body = ResponseBody { writer in
            var lines = first
            while let last = lines.last {
                try await writer.write(ByteBuffer(string: lines.map { $0.text + "\n" }.joined()))
                guard lines.count == Self.linesAtOnce else { break }
                // A failure breaks the connection: half an export must not look like a whole one.
                lines = try await audit.lines(filter, after: last.position, limit: Self.linesAtOnce, as: actor)
            }
            try await writer.finish(nil)
        }
        return Reply(
            status: .ok,
            headers: [
                .contentType: "application/x-ndjson", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"audit.jsonl\"",
            ], body: .stream(body))
    }

    private static func filter(_ request: APIRequest) -> AuditLog.Filter {
        AuditLog.Filter(
            actor: request.string("actor").flatMap(UserID.init), action: request.string("action"),
            subjectType: request.value("subjectType"), subject: request.string("subject"), from: request.date("from"),
            to: request.date("to"))
    }

    private static let schema = Schema.object([
        Schema.required("number", .integer(1...Int.max), "In the organization's log, without a gap."),
        Schema.optional("organizationId", .id, "Missing where the change belongs to no organization."),
        Schema.required("at", .time),
        Schema.optional(
            "actor",
            .object([
                Schema.required("userId", .id), Schema.optional("name", .text), Schema.optional("email", .text),
            ]), "Who did it; missing where no person did."),
        Schema.optional(
            "role", .text, "What they were there: a role; worker for background work, owner for the database's owner."),
        Schema.optional("address", .text, "The IP address that they did it from."),
        Schema.required("action", .text), Schema.required("subjectType", .text), Schema.required("subjectId", .text),
        Schema.optional(
            "subjectName", .text, "What people call it now; missing where it has no name, or none any more."),
        Schema.optional("before", .members, "What was there, by column; ••• for what must not be shown."),
        Schema.optional("after", .members, "What is there now, by column."),
        Schema.required("hash", .text, "Of this entry and all before it, in hexadecimal."),
    ])
}

/// An entry as it is shown.
struct AuditItem: Encodable {
    struct Actor: Encodable {
        let userId: UserID
        let name: String?
        let email: String?
    }

    let number: Int
    let organizationId: OrganizationID?
    let at: Date
    let actor: Actor?
    let role: String?
    let address: String?
    let action: String
    let subjectType: String
    let subjectId: String
    let subjectName: String?
    let before: JSONValue?
    let after: JSONValue?
    let hash: String

    init(_ entry: AuditLog.Entry) throws {
        let details = try JSONReader.read(Array(entry.entry.utf8), as: .members).value
        number = entry.number
        organizationId = entry.organizationId
        at = entry.at
        actor = entry.actorId.map { Actor(userId: $0, name: entry.actorName, email: entry.actorEmail) }
        role = details["role"]?.text
        address = details["address"]?.text
        action = entry.action
        subjectType = entry.subjectType
        subjectId = entry.subjectId
        subjectName = entry.subjectName
        before = details["before"].flatMap { $0 == .null ? nil : $0 }
        after = details["after"].flatMap { $0 == .null ? nil : $0 }
        hash = entry.hash
    }
}
