import CDispatch  // Which module `stat` is of depends on what else is compiled in one batch.
import Foundation
import Glibc
import Logging
import Synchronization

/// Where the server of a data folder can be reached, in `listening.json` there while it runs.
///
/// The server holds a lock on the file, which the kernel lets go when it dies: a file without it tells of nobody.
final class ListeningFile: Sendable {
    private struct Contents: Codable { let url: URL }

    private let path: String
    private let logger: Logger
    private let descriptor = Mutex<Int32?>(nil)

    init(in folder: String, logger: Logger) {
        path = folder + "/listening.json"
        self.logger = logger
    }

    /// Of several servers with one folder, the last to start is the one that is found.
    func announce(_ url: URL) {
        descriptor.withLock { descriptor in
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            guard let data = try? encoder.encode(Contents(url: url)) else { return }
            let unfinished = "\(path).\(getpid())"
            unlink(unfinished)
            let file = open(unfinished, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0,
                data.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == data.count,
                rename(unfinished, path) == 0
            else {
                if file >= 0 { close(file) }
                unlink(unfinished)
                logger.warning("no file tells where the server is", metadata: ["file": "\(path)"])
                return
            }
            descriptor = file
        }
    }

    /// Leaves the file of a server that has started since.
    func remove() {
        descriptor.withLock { descriptor in
            guard let file = descriptor else { return }
            var ours = stat()
            var there = stat()
            if fstat(file, &ours) == 0, lstat(path, &there) == 0, ours.st_ino == there.st_ino { unlink(path) }
            close(file)
            descriptor = nil
        }
    }

    /// - Returns: the address of a server that runs; `nil` when there is none.
    static func address(in folder: String) -> URL? {
        let file = open(folder + "/listening.json", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard flock(file, LOCK_SH | LOCK_NB) != 0,
            let data = FileManager.default.contents(atPath: folder + "/listening.json")
        else { return nil }
        return (try? JSONDecoder().decode(Contents.self, from: data))?.url
    }
}
