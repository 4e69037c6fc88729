import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Identity

@Suite struct HashingQueueTests {
    private final class Threads: Sendable { let met = Mutex<Set<pthread_t>>([]) }
    private final class Order: Sendable { let lanes = Mutex<[HashingQueue.Lane]>([]) }

    @Test func `a full line refuses at once, and familiar people go before others`() async {
        let bench = HashingQueue(threads: 1, places: 2)
        let gate = DispatchSemaphore(value: 0)
        let order = Order()
        let (begun, beginning) = AsyncStream<Void>.makeStream()
        let (refusals, refusal) = AsyncStream<Void>.makeStream()
        func join(_ lane: HashingQueue.Lane) async {
            do {
                try await bench.carryOut(in: lane) { order.lanes.withLock { $0.append(lane) } }
            } catch {
                refusal.yield()
            }
        }

        await withTaskGroup { group in
            group.addTask {
                _ = try? await bench.carryOut(in: .others) {
                    beginning.finish()
                    gate.wait()
                }
            }
            for await _ in begun {}
            for _ in 0..<5 { group.addTask { await join(.others) } }
            for _ in 0..<3 { group.addTask { await join(.familiar) } }
            // Three too many and one: so both lanes are full.
            for await _ in refusals.prefix(4) {}
            gate.signal()
        }

        #expect(order.lanes.withLock { $0 } == [.familiar, .familiar, .others, .others])
    }

    @Test func `passwords are hashed by few threads, and always the same ones`() async {
        let queue = HashingQueue(threads: 2, places: 100)
        let threads = Threads()
        let gate = DispatchSemaphore(value: 0)

        for _ in 0..<8 {
            await withTaskGroup { group in
                for _ in 0..<12 {
                    group.addTask {
                        // Each thread keeps the 19 MiB that a hash takes.
                        _ = try? await queue.carryOut(in: .others) {
                            threads.met.withLock { _ = $0.insert(pthread_self()) }
                        }
                    }
                }
            }
            // A thread that works for everybody, and hashed just now, is busy with this from here on.
            DispatchQueue.global().async { gate.wait() }
        }
        for _ in 0..<8 { gate.signal() }

        #expect(threads.met.withLock { (1...2).contains($0.count) })
    }

    @Test func `who was right is known again, until many others were`() {
        let familiars = KnownAddresses()

        familiars.remember("a")
        #expect(familiars.contains("a") && !familiars.contains("b"))
        for number in 0..<30_000 { familiars.remember("\(number)") }
        #expect(!familiars.contains("a") && familiars.contains("29999"))
    }
}
