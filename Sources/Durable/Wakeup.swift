/// Says that there may be something to do. Many signals before one is heard are one.
///
/// It hears only this process; whoever waits for it must also look by itself now and then.
package struct Wakeup: Sendable {
    /// For one consumer.
    package let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func signal() {
        continuation.yield()
    }
}
