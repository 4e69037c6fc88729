import Foundation
import Glibc

/// A file that is there whole or not at all, readable by nobody but its owner from its first byte on.
///
/// It is written under another name in the same folder, and gets its own once it is on the disk.
struct BackupFile {
    /// Why no file can be written there. Nothing was changed.
    enum Refusal: Error, CustomStringConvertible {
        case nameless
        case exists(String)
        case noFile(String)
        case failed(String, reason: String)

        var description: String {
            switch self {
            case .nameless: "A backup needs the name of a file to be written to."
            case .exists(let path): "\(path) exists already: choose another name, or replace it with --force."
            case .noFile(let path): "\(path) is a link, a folder or a device; a backup is written to a plain file only."
            case .failed(let path, let reason): "\(path) cannot be written: \(reason)."
            }
        }
    }

    private let path: String
    private let folder: String
    private let name: String
    private let isReplacing: Bool

    /// - Parameter replacing: whether a file of this name may be there already.
    init(_ path: String, replacing: Bool) throws {
        guard !path.isEmpty else { throw Refusal.nameless }
        let url = URL(filePath: path)
        self.path = path
        name = url.lastPathComponent
        folder = url.deletingLastPathComponent().path(percentEncoded: false)
        isReplacing = replacing
        try check()
    }

    private func check() throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Refusal.noFile(path) }
        guard isReplacing else { throw Refusal.exists(path) }
    }

    /// - Parameter fill: writes to the descriptor.
    /// - Returns: the size in bytes, and what `fill` returned.
    func write<Value: Sendable>(_ fill: (Int32) async throws -> Value) async throws -> (size: Int, value: Value) {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure() }
        defer { close(directory) }
        let unfinished = ".\(name).\(getpid()).unfinished"
        let descriptor = openat(directory, unfinished, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer {
            close(descriptor)
            unlinkat(directory, unfinished, 0)
        }
        let value = try await fill(descriptor)
        do { try BackupSeal.add(to: descriptor) } catch { throw failure() }
        var status = stat()
        guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else { throw failure() }
        try check()
        // A link is refused where the name is taken, and a rename takes it.
        let named =
            isReplacing
            ? renameat(directory, unfinished, directory, name) : linkat(directory, unfinished, directory, name, 0)
        guard named == 0 else { throw errno == EEXIST ? Refusal.exists(path) : failure() }
        guard fsync(directory) == 0 else { throw failure() }
        return (Int(status.st_size), value)
    }

    private func failure() -> Refusal { .failed(path, reason: String(cString: strerror(errno))) }
}
