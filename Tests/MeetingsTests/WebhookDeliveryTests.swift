import Access
import Foundation
import Meetings
import Outgoing
import Testing
import Values

@testable import Simulators

@Suite struct WebhookDeliveryTests {
    @Test func `Zoom's events arrive signed and in order`() async throws {
        try await Simulation.receiving { simulation, receiver in
            let meeting = try await simulation.create(at: .zoom)

            try await simulation.happen(
                at: .zoom, meeting,
                """
                {"events": [{"type": "started"}, {"type": "joined", "participant": "ada@example.test"},
                            {"type": "left", "participant": "ada@example.test"}, {"type": "ended"}]}
                """)

            let deliveries = await receiver.deliveries(4)
            let events = try deliveries.map { try JSONDecoder().decode(ZoomEvent.self, from: $0.body) }
            #expect(
                events.map(\.event) == [
                    "meeting.started", "meeting.participant_joined", "meeting.participant_left", "meeting.ended",
                ])
            #expect(events.allSatisfy { $0.payload.object.id == meeting.number })
            #expect(Set(events.map(\.payload.object.uuid)).count == 1)
            let signer = ZoomEvents(credentials: ZoomSimulator.Credentials())
            for delivery in deliveries {
                #expect(delivery.path == "/api/webhooks/zoom")
                let timestamp = delivery.header("x-zm-request-timestamp")
                #expect(
                    delivery.header("x-zm-signature") == signer.signature(of: delivery.body, timestamp: timestamp))
            }
            #expect(try await simulation.meetings(at: .zoom).map(\.status) == ["ended"])
        }
    }

    @Test func `Feishu's events arrive encrypted and signed`() async throws {
        try await Simulation.receiving { simulation, receiver in
            let meeting = try await simulation.create(at: .feishu)

            try await simulation.happen(at: .feishu, meeting, #"{"events": [{"type": "started"}]}"#)

            let delivery = try #require(await receiver.deliveries(1).first)
            #expect(try JSONDecoder().decode([String: String].self, from: delivery.body).keys.contains("encrypt"))
            let credentials = FeishuSimulator.Credentials()
            let signature = FeishuEvents(credentials: credentials).signature(
                of: delivery.body, timestamp: delivery.header("X-Lark-Request-Timestamp"),
                nonce: delivery.header("X-Lark-Request-Nonce"), key: try #require(credentials.encryptKey))
            #expect(delivery.header("X-Lark-Signature") == signature)
            #expect(try await simulation.meetings(at: .feishu).map(\.status) == ["active"])
        }
    }

    @Test func `an event of Feishu names the meeting by its number, and again when it is repeated`() async throws {
        var credentials = FeishuSimulator.Credentials()
        credentials.encryptKey = nil
        try await Simulation.receiving(feishu: credentials) { simulation, receiver in
            let meeting = try await simulation.create(at: .feishu)

            try await simulation.happen(
                at: .feishu, meeting,
                """
                {"events": [{"type": "started"}, {"type": "joined", "participant": "ou_ada"}],
                 "duplicate": true, "shuffle": true}
                """)

            let events = try await receiver.deliveries(4)
                .map { try JSONDecoder().decode(FeishuEvent.self, from: $0.body) }
            #expect(events.allSatisfy { $0.event.meeting.meeting_no == meeting.number })
            #expect(Set(events.map(\.header.event_id)).count == 2)
            #expect(events.filter { $0.event.operator.id.open_id == "ou_ada" }.count == 2)
        }
    }

    @Test(arguments: ProviderCatalog.all.map(\.name))
    func `an event that is not taken comes again`(name: ProviderName) async throws {
        try await Simulation.receiving(failures: 2, impatient: true) { simulation, receiver in
            let meeting = try await simulation.create(at: name)

            try await simulation.happen(at: name, meeting, #"{"events": [{"type": "started"}]}"#)

            #expect(await receiver.deliveries(3).count == 3)
        }
    }
}

private struct ZoomEvent: Decodable {
    struct Payload: Decodable {
        let object: Object
    }

    struct Object: Decodable {
        let id: String
        let uuid: String
    }

    let event: String
    let payload: Payload
}

private struct FeishuEvent: Decodable {
    struct Header: Decodable {
        let event_id: String
    }

    struct Event: Decodable {
        struct Meeting: Decodable {
            let meeting_no: String
        }

        struct Person: Decodable {
            struct Identity: Decodable {
                let open_id: String
            }

            let id: Identity
        }

        let meeting: Meeting
        let `operator`: Person
    }

    let header: Header
    let event: Event
}
