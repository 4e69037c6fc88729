import NIOCore

/// Closes a connection whose client takes nothing of what is written to it. Otherwise a client that asks and does not
/// read keeps a response in memory, or an event stream and its task, for as long as it likes.
final class StalledWrites: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// How long nothing at all may be taken. Slowly is not stalled.
    private let timeout: TimeAmount
    private static let interval = TimeAmount.seconds(5)
    private var written = 0
    private var taken = 0
    private var takenAt = NIODeadline.now()
    private var isLooking = false

    init(timeout: TimeAmount = .seconds(30)) { self.timeout = timeout }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
        guard !isLooking else { return }
        isLooking = true
        takenAt = .now()
        look(context)
    }

    private func look(_ context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { [self] in
            let waiting = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
            guard context.channel.isActive, let waiting, waiting > 0 else {
                isLooking = false
                return
            }
            if written - waiting > taken {
                taken = written - waiting
                takenAt = .now()
            } else if .now() - takenAt >= timeout {
                context.close(promise: nil)
                isLooking = false
                return
            }
            look(context)
        }
    }
}
