import Foundation
import Synchronization

package enum StandardError {
    /// A line longer than a pipe's buffer is written in parts, and nobody else's line may come between them.
    private static let turn = Mutex(())

    /// Writes all of `bytes`, in one call where the system lets us. Gives up when nobody can read them any more.
    package static let write: @Sendable ([UInt8]) -> Void = { bytes in
        turn.withLock { _ in
            bytes.withUnsafeBytes { buffer in
                var rest = buffer[...]
                while !rest.isEmpty {
                    let written = Foundation.write(
                        STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if written < 0 && errno == EINTR { continue }
                    guard written > 0 else { return }
                    rest = rest.dropFirst(written)
                }
            }
        }
    }
}
