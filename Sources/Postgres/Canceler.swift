import CLibpq
import Dispatch
import Foundation
import Synchronization

/// Asks the server to stop what one connection is doing.
final class Canceler: Sendable {
    // Set once and freed by the last owner; PQcancel only reads it, and may be called from any thread (manual, 34.7).
    private nonisolated(unsafe) let pointer: OpaquePointer
    private let isAsking = Atomic<Bool>(false)
    private let request = DispatchGroup()

    init?(of connection: OpaquePointer) {
        guard let pointer = PQgetCancel(connection) else { return nil }
        self.pointer = pointer
    }

    deinit {
        PQfreeCancel(pointer)
    }

    /// Returns at once, and does nothing while the request before is under way: PQcancel blocks without limit when the
    /// server is stopped. The request goes over a connection of its own and may come too late.
    func cancel() {
        guard isAsking.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        else { return }
        request.enter()
        Thread.detachNewThread { [self] in
            var complaint: [CChar] = Array(repeating: 0, count: 256)
            PQcancel(pointer, &complaint, Int32(complaint.count))
            isAsking.store(false, ordering: .releasing)
            request.leave()
        }
    }

    /// Waits until no request is under way. PQcancel returns when the server has passed the request on, so what is sent
    /// afterward is not hit by it.
    /// - Returns: whether that was within a second.
    func settle() -> Bool {
        request.wait(timeout: .now() + .seconds(1)) == .success
    }
}
