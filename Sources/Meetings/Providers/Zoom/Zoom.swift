import Foundation
import Outgoing
package import Secrets
package import Values

/// Meetings at Zoom. It takes no key of ours, so the tag is written into the agenda, where a look through the host's
/// meetings finds it again.
package struct Zoom: MeetingProvider {
    package let name = ProviderName.zoom
    package static let reconciliation = Reconciliation.searchable
    package var reconciliation: Reconciliation { Self.reconciliation }

    private let account: ZoomAccount
    private let api: URL
    private let calls: AuthorizedCalls

    package init(_ account: ZoomAccount, secret: Secret, over connection: ProviderConnection) {
        self.account = account
        api = connection.endpoints[.zoom]
        let token = ZoomToken(account: account, secret: secret, connection: connection)
        calls = AuthorizedCalls(
            client: connection.client,
            tokens: AccessTokens(clock: connection.clock, fetch: token.fetch),
            rejectsToken: { $0.status == 401 })
    }

    package func create(_ request: MeetingRequest) async -> CreateOutcome {
        let host = account.host ?? request.hostEmail
        do throws(CallFailure) {
            let answer = try await send(.post, meetings(of: host), ZoomMeetingBody(request))
            let meeting = try read(ZoomMeeting.self, from: answer).provisioned(for: host)
            guard meeting.isUsable else {
                throw .unknown(reason: .unusableMeeting(answer.status))
            }
            return .created(meeting)
        } catch {
            return CreateOutcome(error)
        }
    }

    package func find(_ request: MeetingRequest) async -> FindOutcome {
        let host = account.host ?? request.hostEmail
        do throws(CallFailure) {
            var found: [ProvisionedMeeting] = []
            for listed in try await listed(request, of: host) {
                guard let meeting = try await whole(listed)?.provisioned(for: host) else { continue }
                guard meeting.isUsable else { throw .unknown(reason: .unusableMeeting(200)) }
                found.append(meeting)
            }
            return found.isEmpty ? .absent : .found(found)
        } catch {
            return FindOutcome(error)
        }
    }

    package func update(_ meeting: MeetingReference, to request: MeetingRequest) async -> ChangeOutcome {
        do throws(CallFailure) {
            _ = try await send(.patch, self.meeting(meeting.id), ZoomMeetingBody(request))
            return .done
        } catch {
            return ChangeOutcome(error)
        }
    }

    package func cancel(_ meeting: MeetingReference) async -> ChangeOutcome {
        // Zoom would mail the host; telling people is ours to do.
        let url = self.meeting(meeting.id).appending(queryItems: [
            URLQueryItem(name: "schedule_for_reminder", value: "false")
        ])
        do throws(CallFailure) {
            let answer = try await calls.answer(to: OutgoingRequest(.delete, url))
            if answer.status == 204 { return .done }
            let failure = CallFailure(zoom: answer)
            // Zoom's pages disagree on the code of a meeting that is gone, so any 404 says so, except one that says what
            // else is missing: with another account's credentials the host is not there, and the meeting may be.
            guard failure == .gone || (answer.status == 404 && failure.code != ZoomRefusal.noSuchUser) else {
                throw failure
            }
            return .done
        } catch {
            return error == .gone ? .done : ChangeOutcome(error)
        }
    }

    /// The host's list, or with no host of its own a meeting that surely is not there: to be told so takes a token and
    /// the right to read meetings.
    package func check() async -> AccountCheck {
        do throws(CallFailure) {
            if let host = account.host {
                let one = [URLQueryItem(name: "type", value: "scheduled"), URLQueryItem(name: "page_size", value: "1")]
                _ = try await send(.get, meetings(of: host).appending(queryItems: one))
            } else {
                _ = try await send(.get, meeting("10000000000"))
            }
        } catch {
            if error != .gone { return AccountCheck(zoom: error, host: account.host) }
        }
        return .ok(Explanation(AccountCheck.Code.zoomWorks))
    }

    // MARK: Looking through a host's meetings

    /// The meetings with the request's tag among those of the days around its time. Whole days, and one more on either
    /// side, since which zone Zoom counts the days in is not documented.
    private func listed(_ request: MeetingRequest, of host: String) async throws(CallFailure) -> [ZoomMeeting] {
        let day = Date.ISO8601FormatStyle().year().month().day()
        var found: [ZoomMeeting] = []
        var page: String?
        repeat {
            var query = [
                URLQueryItem(name: "type", value: "scheduled"),
                URLQueryItem(name: "page_size", value: "300"),
                URLQueryItem(name: "from", value: request.time.start.advanced(by: .hours(-24)).formatted(day)),
                URLQueryItem(name: "to", value: request.time.end.advanced(by: .hours(24)).formatted(day)),
            ]
            if let page { query.append(URLQueryItem(name: "next_page_token", value: page)) }
            let answer = try await send(.get, meetings(of: host).appending(queryItems: query))
            let list = try read(ZoomMeetingList.self, from: answer)
            found += list.meetings.filter { $0.carries(tag: request.tag) }
            page = list.nextPageToken.flatMap { $0.isEmpty || $0 == page ? nil : $0 }
        } while page != nil
        return found
    }

    /// With the passcode, which the list leaves out; `nil` when the meeting went away meanwhile.
    private func whole(_ listed: ZoomMeeting) async throws(CallFailure) -> ZoomMeeting? {
        do throws(CallFailure) {
            return try read(ZoomMeeting.self, from: try await send(.get, meeting(listed.id.text)))
        } catch .gone {
            return nil
        } catch {
            throw error
        }
    }

    // MARK: Calls

    private func meetings(of host: String) -> URL {
        api.appending(components: "users", host, "meetings")
    }

    private func meeting(_ id: String) -> URL {
        api.appending(components: "meetings", id)
    }

    private func send(
        _ method: OutgoingRequest.Method, _ url: URL, _ body: ZoomMeetingBody? = nil
    ) async throws(CallFailure) -> OutgoingResponse {
        var request = OutgoingRequest(method, url, headers: [("Accept", "application/json")])
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            do { request.body = try JSONEncoder.snakeCase.encode(body) } catch {
                throw .refused(code: "unencodable", reason: .unwritable)
            }
        }
        let answer = try await calls.answer(to: request)
        guard (200..<300).contains(answer.status) else { throw CallFailure(zoom: answer) }
        return answer
    }

    private func read<Document: Decodable>(
        _ type: Document.Type, from answer: OutgoingResponse
    ) throws(CallFailure) -> Document {
        do { return try JSONDecoder.snakeCase.decode(type, fromForeign: answer.body) } catch {
            throw .unknown(reason: .unreadable(answer.status))
        }
    }
}
