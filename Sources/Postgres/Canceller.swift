import CLibpq
import Dispatch

/// Asks the server to stop what one connection is doing.
final class Canceller: Sendable {
    // Set once and freed by the last owner; PQcancel only reads it, and may be called from any thread (manual, 34.7).
    private nonisolated(unsafe) let pointer: OpaquePointer

    init?(of connection: OpaquePointer) {
        guard let pointer = PQgetCancel(connection) else { return nil }
        self.pointer = pointer
    }

    deinit {
        PQfreeCancel(pointer)
    }

    /// Returns at once. The request goes over a connection of its own and may come too late.
    func cancel() {
        // PQcancel blocks without limit when the server is stopped.
        DispatchQueue.global().async { [self] in
            var complaint: [CChar] = Array(repeating: 0, count: 256)
            PQcancel(pointer, &complaint, Int32(complaint.count))
        }
    }
}
