package import Foundation
import Outgoing
package import Secrets
package import Values

/// Meetings at Feishu or Lark, through the reservations of its video conferences. It takes no key and cannot be
/// searched: after a lost answer nobody can tell what became of the reservation, which ends by itself.
package struct Feishu: MeetingProvider {
    package let name = ProviderName.feishu
    package static let reconciliation = Reconciliation.blind
    package var reconciliation: Reconciliation { Self.reconciliation }

    /// Feishu states no limit for the topic of a reservation; this is the one for a calendar event's title.
    static let longestTopic = 1000

    private let account: FeishuAccount
    private let api: URL
    private let calls: AuthorizedCalls
    private let clock: any WallClock

    package init(_ account: FeishuAccount, secret: Secret, over connection: ProviderConnection) {
        self.account = account
        api = connection.endpoints[account.region.endpoint]
        clock = connection.clock
        let token = FeishuToken(account: account, secret: secret, connection: connection)
        calls = AuthorizedCalls(
            client: connection.client,
            tokens: AccessTokens(clock: connection.clock, fetch: token.fetch),
            rejectsToken: { answer in
                (try? JSONDecoder.snakeCase.decode(FeishuStatus.self, fromForeign: answer.body))?.code
                    == FeishuCode.tenantTokenInvalid
            })
    }

    package func create(_ request: MeetingRequest) async -> CreateOutcome {
        let body = FeishuReservationBody(
            endTime: endTime(of: request), ownerId: account.ownerId,
            meetingSettings: .init(topic: Topic.cut(request.topic, to: Self.longestTopic), meetingInitialType: 1))
        do throws(CallFailure) {
            let answer = try await send(.post, reserves.appending(component: "apply"), body)
            let envelope = try? JSONDecoder.snakeCase.decode(
                FeishuEnvelope<FeishuReservation>.self, fromForeign: answer.body)
            guard let meeting = envelope?.data?.provisioned, meeting.isUsable else {
                throw .unknown(reason: .unusableMeeting(answer.status))
            }
            return .created(meeting)
        } catch {
            return CreateOutcome(error)
        }
    }

    package func find(_ request: MeetingRequest) async -> FindOutcome {
        .unknown(reason: Explanation(CallReason.unsearchable, ["provider": .provider(name)]))
    }

    /// Renews the reservation too: its end moves as far as Feishu allows.
    package func update(_ meeting: MeetingReference, to request: MeetingRequest) async -> ChangeOutcome {
        let body = FeishuReservationBody(
            endTime: endTime(of: request), ownerId: nil,
            meetingSettings: .init(topic: Topic.cut(request.topic, to: Self.longestTopic), meetingInitialType: nil))
        do throws(CallFailure) {
            _ = try await send(.put, reserves.appending(component: meeting.id), body)
            return .done
        } catch {
            return ChangeOutcome(error)
        }
    }

    package func cancel(_ meeting: MeetingReference) async -> ChangeOutcome {
        do throws(CallFailure) {
            _ = try await send(.delete, reserves.appending(component: meeting.id), nil)
            return .done
        } catch {
            return error == .gone ? .done : ChangeOutcome(error)
        }
    }

    /// One hour after the meeting's end, and at most 30 days from now, less an hour for clocks that differ.
    package func expiry(of request: MeetingRequest) -> Date? {
        min(request.time.end.advanced(by: .hours(1)), clock.now.advanced(by: .hours(30 * 24 - 1)))
    }

    /// Asks for a reservation that surely is not there: to be told so takes a token and the right to read reservations.
    /// Nothing tells whether the owner's `open_id` is right before a meeting is reserved in their name.
    package func check() async -> AccountCheck {
        do throws(CallFailure) {
            _ = try await send(.get, reserves.appending(component: "1"), nil)
        } catch {
            if error != .gone { return AccountCheck(feishu: error) }
        }
        return .ok(Explanation(AccountCheck.Code.feishuWorks))
    }

    private func endTime(of request: MeetingRequest) -> String {
        String(Int(saturating: expiry(of: request)?.timeIntervalSince1970 ?? 0))
    }

    // MARK: Calls

    private var reserves: URL { api.appending(path: "open-apis/vc/v1/reserves") }

    /// - Returns: An answer whose `code` is 0.
    private func send(
        _ method: OutgoingRequest.Method, _ url: URL, _ body: FeishuReservationBody?
    ) async throws(CallFailure) -> OutgoingResponse {
        let url = url.appending(queryItems: [URLQueryItem(name: "user_id_type", value: "open_id")])
        var request = OutgoingRequest(method, url, headers: [("Content-Type", "application/json; charset=utf-8")])
        if let body {
            do { request.body = try JSONEncoder.snakeCase.encode(body) } catch {
                throw .refused(code: "unencodable", reason: .unwritable)
            }
        }
        let answer = try await calls.answer(to: request)
        let status = try? JSONDecoder.snakeCase.decode(FeishuStatus.self, fromForeign: answer.body)
        guard status?.code == 0, (200..<300).contains(answer.status) else {
            throw CallFailure(feishu: answer, code: status?.code, message: status?.msg)
        }
        return answer
    }
}
