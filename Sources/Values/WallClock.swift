package import Foundation

/// What time it is, and how to wait. Passed in wherever the time matters, so that a test can move it.
///
/// Leases are the exception: they are kept by the database's own clock, which all servers share.
package protocol WallClock: Sendable {
    var now: Date { get }
    /// - Throws: `CancellationError` when the task is cancelled before `duration` has passed.
    func sleep(for duration: Duration) async throws
}

package struct SystemClock: WallClock {
    package init() {}
    package var now: Date { Date() }
    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
