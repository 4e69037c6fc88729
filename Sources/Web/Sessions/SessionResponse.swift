import Provisioning
import Sessions

/// A session on the wire, with the words for its failure.
struct SessionResponse: Encodable {
    private struct Failure: Encodable {
        let code: String
        let detail: String
        let requiresManualIntervention: Bool

        init(_ failure: MeetingFailure) {
            code = failure.code
            detail = failure.reason.sentence
            requiresManualIntervention = failure.requiresManualIntervention
        }
    }

    private enum CodingKeys: CodingKey { case failure }

    private let session: SessionView

    init(_ session: SessionView) { self.session = session }

    func encode(to encoder: any Encoder) throws {
        try session.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(session.failure.map(Failure.init), forKey: .failure)
    }
}
