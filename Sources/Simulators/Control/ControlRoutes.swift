import Foundation
import Hummingbird
import ServiceLifecycle
import Values

/// What tests and demonstrations steer the simulators by, below `/_control`.
struct ControlRoutes: Sendable {
    let providers: [any SimulatedProvider]
    let traffic: SimulatedTraffic
    let clock: any WallClock
    let sender: WebhookSender

    func add(to router: Router<SimulatorContext>) {
        router.group("_control")
            .put("faults", use: putFault)
            .delete("faults", use: clearFaults)
            .get("meetings", use: listMeetings)
            .post("meetings/:provider/:id/events", use: happen)
    }

    // MARK: Faults

    private func putFault(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let fault = try await read(Fault.self, from: request)
        guard fault.isPossible else { throw HTTPError(.badRequest, message: "a number is out of range") }
        await traffic.put(fault)
        return SimulatedResponse(204).response
    }

    private func clearFaults(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        await traffic.clearFaults()
        return SimulatedResponse(204).response
    }

    // MARK: Meetings

    private struct Listing: Encodable {
        let items: [ListedMeeting]
    }

    private func listMeetings(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let wanted = request.uri.queryParameters["provider"].map { String($0) }
        var items: [ListedMeeting] = []
        for provider in providers where wanted == nil || provider.name.rawValue == wanted {
            items += await provider.meetings()
        }
        return try json(200, Listing(items: items))
    }

    // MARK: Events

    private struct Happenings: Decodable {
        let events: [MeetingEvent]
        /// Each is delivered twice, with the same event id.
        let duplicate: Bool?
        let shuffle: Bool?
        /// Before each delivery.
        let delayMs: Int?
    }

    private struct Deliveries: Encodable {
        /// The status with which each first attempt was answered, in the order of sending; `null` without an answer.
        let statuses: [Int?]
    }

    /// Answers once the first attempt of every delivery is over.
    private func happen(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        guard sender.target != nil else { throw HTTPError(.conflict, message: "the simulators know no --webhooks-to") }
        let happenings = try await read(Happenings.self, from: request)
        var parcels: [WebhookSender.Parcel] = []
        for event in happenings.events {
            parcels.append(try await take(event, context))
        }
        if happenings.duplicate == true { parcels += parcels }
        if happenings.shuffle == true { parcels.shuffle() }

        var statuses: [Int?] = []
        for parcel in parcels {
            if let delay = happenings.delayMs.map({ min($0, 60_000) }), delay > 0 {
                try await cancelWhenGracefulShutdown { [clock] in try await clock.sleep(for: .milliseconds(delay)) }
            }
            statuses.append(await sender.deliver(parcel))
        }
        return try json(200, Deliveries(statuses: statuses))
    }

    /// Changes the meeting as the event has it, and writes the event down as the provider words it.
    private func take(_ event: MeetingEvent, _ context: SimulatorContext) async throws -> WebhookSender.Parcel {
        let id = context.segment("id")
        let moment = event.at ?? clock.now
        guard (0..<4_102_444_800).contains(moment.timeIntervalSince1970) else {
            throw HTTPError(.badRequest, message: "at: a time between 1970 and 2100")
        }
        let name = context.segment("provider")
        guard let provider = providers.first(where: { $0.name.rawValue == name }),
            let body = try await provider.happen(event, in: id, at: moment)
        else { throw HTTPError(.notFound) }
        return WebhookSender.Parcel(provider: provider, body: body)
    }

    // MARK: Documents

    private func read<Document: Decodable>(_ type: Document.Type, from request: Request) async throws -> Document {
        do {
            return try JSONDecoder.convene.decode(type, from: try await body(of: request))
        } catch let problem as DecodingError {
            throw HTTPError(.badRequest, message: "\(problem)")
        }
    }

    private func json(_ status: Int, _ document: some Encodable) throws -> Response {
        var answer = SimulatedResponse(status)
        answer.body = try JSONEncoder.convene.encode(document)
        return answer.response
    }
}
