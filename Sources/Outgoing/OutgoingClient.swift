/// Sends HTTP requests through libcurl. TLS is checked, HTTP/1.1 is spoken, connections are kept for 30 s, proxies of
/// the environment are not used, redirects are not followed, and nothing is ever sent twice.
///
/// Its thread ends when the last reference to the client goes.
package final class OutgoingClient: Sendable {
    private let thread: TransferThread
    private let limits: OutgoingLimits

    package init(reaching policy: AddressPolicy, limits: OutgoingLimits = OutgoingLimits()) {
        self.limits = limits
        thread = TransferThread(policy: policy)
        thread.start()
    }

    deinit { thread.stop() }

    /// Cancelling the task ends the transfer, as ``OutgoingError/notSent(reason:)`` or
    /// ``OutgoingError/lost(reason:)`` by how far it had come.
    package func send(_ request: OutgoingRequest) async throws(OutgoingError) -> OutgoingResponse {
        for header in request.headers where (header.name + header.value).contains(where: \.isNewline) {
            throw .notSent(reason: "a header holds a line break")
        }
        return try await thread.carryOut(request, within: request.limits ?? limits).get()
    }
}
