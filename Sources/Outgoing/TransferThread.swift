import CCurl
import Foundation
import Glibc
import Synchronization

/// The one thread that touches libcurl. Others leave orders in its mailbox and wake it through a descriptor.
final class TransferThread: Sendable {
    typealias Completion = Result<OutgoingResponse, OutgoingError>

    struct Order: Sendable {
        let id: UInt64
        let request: OutgoingRequest
        let limits: OutgoingLimits
        let answer: CheckedContinuation<Completion, Never>
    }

    private struct Mailbox {
        var orders: [Order] = []
        var cancelled: [UInt64] = []
        var lastID: UInt64 = 0
        var stopped = false
    }

    private let policy: AddressPolicy
    private let mailbox = Mutex(Mailbox())
    private let wakeDescriptor: CInt
    private static let libraryStarted = convene_curl_start()

    init(policy: AddressPolicy) {
        self.policy = policy
        precondition(Self.libraryStarted == CURLE_OK, "libcurl does not start")
        wakeDescriptor = convene_wake_descriptor()
        precondition(wakeDescriptor >= 0, "no file descriptor left")
    }

    deinit { close(wakeDescriptor) }

    func start() {
        let thread = Thread { self.run() }
        thread.name = "outgoing"
        thread.start()
    }

    func stop() {
        mailbox.withLock { $0.stopped = true }
        wake()
    }

    func carryOut(_ request: OutgoingRequest, within limits: OutgoingLimits) async -> Completion {
        let id = mailbox.withLock { mailbox in
            mailbox.lastID += 1
            return mailbox.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                // Asked under the lock that `onCancel` takes as well: either the cancellation is seen here, or its
                // entry comes after the order's.
                let cancelled = mailbox.withLock { mailbox in
                    guard !Task.isCancelled else { return true }
                    mailbox.orders.append(Order(id: id, request: request, limits: limits, answer: answer))
                    return false
                }
                if cancelled { answer.resume(returning: .failure(.notSent(reason: "cancelled"))) } else { wake() }
            }
        } onCancel: {
            mailbox.withLock { $0.cancelled.append(id) }
            wake()
        }
    }

    private func wake() {
        var one: UInt64 = 1
        // It fails only when the counter is full, and then the thread is about to wake anyway.
        _ = write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }

    // MARK: On the thread

    private func run() {
        guard let multi = curl_multi_init() else { preconditionFailure("no memory left for libcurl") }
        var open: [UnsafeMutableRawPointer: Transfer] = [:]

        while true {
            let post = mailbox.withLock { mailbox in
                defer { (mailbox.orders, mailbox.cancelled) = ([], []) }
                return mailbox
            }
            for order in post.orders {
                let transfer = Transfer(order, policy: policy)
                open[transfer.easy] = transfer
                curl_multi_add_handle(multi, transfer.easy)
            }
            for id in post.cancelled {
                guard let transfer = open.values.first(where: { $0.id == id }) else { continue }
                open[transfer.easy] = nil
                curl_multi_remove_handle(multi, transfer.easy)
                transfer.abandon(reason: "cancelled")
            }
            if post.stopped { break }

            var running: CInt = 0
            curl_multi_perform(multi, &running)
            var waiting: CInt = 0
            while let message = curl_multi_info_read(multi, &waiting) {
                guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
                let code = message.pointee.data.result
                curl_multi_remove_handle(multi, easy)
                open.removeValue(forKey: easy)?.finish(code)
            }
            sleepUntilWoken(multi)
        }

        for transfer in open.values {
            curl_multi_remove_handle(multi, transfer.easy)
            transfer.abandon(reason: "the client was shut down")
        }
        curl_multi_cleanup(multi)
    }

    /// Returns when a socket or a time-out needs attention, or somebody called ``wake()``.
    private func sleepUntilWoken(_ multi: UnsafeMutableRawPointer) {
        var descriptor = curl_waitfd(fd: wakeDescriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        curl_multi_poll(multi, &descriptor, 1, 60_000, nil)
        var count: UInt64 = 0
        _ = read(wakeDescriptor, &count, MemoryLayout<UInt64>.size)
    }
}
