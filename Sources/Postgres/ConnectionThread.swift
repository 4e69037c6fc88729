import Dispatch
import Foundation
import Synchronization

/// The thread that one connection lives on: libpq's calls block, so they must not run on Swift's shared threads.
///
/// The thread ends when the last reference to the executor is gone.
final class ConnectionThread: SerialExecutor {
    private let jobs = JobQueue()

    init(name: String) {
        let thread = Thread { [jobs] in jobs.work() }
        thread.name = name
        thread.start()
    }

    deinit {
        jobs.append(.stop)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.append(.run(UnownedJob(job), on: self))
    }
}

private final class JobQueue: Sendable {
    enum Entry {
        /// Keeps the executor until its job has run, even when the job lets go of the last other reference.
        case run(UnownedJob, on: ConnectionThread)
        case stop
    }

    private let entries = Mutex<[Entry]>([])
    private let available = DispatchSemaphore(value: 0)

    func append(_ entry: Entry) {
        entries.withLock { $0.append(entry) }
        available.signal()
    }

    func work() {
        while true {
            available.wait()
            // Seldom more than one long: a connection belongs to one task at a time.
            switch entries.withLock({ $0.removeFirst() }) {
            case .run(let job, let thread): job.runSynchronously(on: thread.asUnownedSerialExecutor())
            case .stop: return
            }
        }
    }
}
