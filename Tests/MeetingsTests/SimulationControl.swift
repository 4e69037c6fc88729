import Foundation
import Meetings
import Outgoing
import Testing
import Values

/// The simulators' control interface.
extension Simulation {
    func fault(_ fault: String) async throws {
        let answer = try await control.send(
            OutgoingRequest(.put, url.appending(path: "_control/faults"), body: Data(fault.utf8)))
        #expect(answer.status == 204)
    }

    func clearFaults() async throws {
        #expect(try await control.send(OutgoingRequest(.delete, url.appending(path: "_control/faults"))).status == 204)
    }

    struct Listing: Decodable {
        struct Line: Decodable {
            let provider: String
            let meetingId: String
            let meetingNo: String
            let status: String
            let topic: String
            let startTime: String?
            let durationMinutes: Int?
        }

        let items: [Line]
    }

    func meetings(at provider: ProviderName) async throws -> [Listing.Line] {
        let url = url.appending(path: "_control/meetings").appending(queryItems: [
            URLQueryItem(name: "provider", value: provider.rawValue)
        ])
        let answer = try await control.send(OutgoingRequest(.get, url))
        return try JSONDecoder().decode(Listing.self, from: answer.body).items
    }

    func happen(at provider: ProviderName, _ meeting: ProvisionedMeeting, _ events: String) async throws {
        let path = "_control/meetings/\(provider.rawValue)/\(meeting.reference.id)/events"
        let answer = try await control.send(
            OutgoingRequest(.post, url.appending(path: path), body: Data(events.utf8)))
        #expect(answer.status == 200)
    }
}
