import Dispatch
import Foundation
import Synchronization

/// Threads that hash passwords and do nothing else, and the line before them.
///
/// Few, so that a rush of sign-ins leaves cores to everybody else, and always the same ones: each hash takes 19 MiB,
/// and every thread that ever made one keeps them. The line is short, so that whoever stands in it is served soon;
/// whoever finds it full is better told at once than late. The threads end when nobody refers to the bench any more.
final class HashingQueue: Sendable {
    /// Whose turn it is first. Each lane is a line of its own, so that neither fills the other's.
    enum Lane { case familiar, others }

    struct Full: Error {}

    private let line: Line

    /// - Parameter places: how many may wait in each lane.
    init(threads: Int, places: Int) {
        line = Line(places: places, threads: threads)
        for number in 0..<threads {
            let thread = Thread { [line] in line.serve() }
            thread.name = "passwords \(number)"
            thread.start()
        }
    }

    deinit { line.close() }

    /// - Throws: ``Full`` when too many wait already.
    func carryOut<Value: Sendable>(
        in lane: Lane, _ work: @escaping @Sendable () -> Value
    ) async throws(Full) -> Value {
        let value = await withCheckedContinuation { (continuation: CheckedContinuation<Value?, Never>) in
            if !line.join(lane, { continuation.resume(returning: work()) }) { continuation.resume(returning: nil) }
        }
        guard let value else { throw Full() }
        return value
    }
}

private final class Line: Sendable {
    typealias Work = @Sendable () -> Void

    private struct State {
        var lanes: [HashingQueue.Lane: [Work]] = [:]
    }

    private let places: Int
    private let threads: Int
    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)

    init(places: Int, threads: Int) {
        self.places = places
        self.threads = threads
    }

    func join(_ lane: HashingQueue.Lane, _ work: @escaping Work) -> Bool {
        let hasJoined = state.withLock { state in
            guard state.lanes[lane, default: []].count < places else { return false }
            state.lanes[lane, default: []].append(work)
            return true
        }
        if hasJoined { available.signal() }
        return hasJoined
    }

    func serve() {
        while true {
            available.wait()
            // Nobody waits for a bench that nobody refers to.
            guard let work = next() else { return }
            work()
        }
    }

    private func next() -> Work? {
        state.withLock { state in
            for lane in [HashingQueue.Lane.familiar, .others] where state.lanes[lane]?.isEmpty == false {
                return state.lanes[lane]?.removeFirst()
            }
            return nil
        }
    }

    func close() {
        for _ in 0..<threads { available.signal() }
    }
}
