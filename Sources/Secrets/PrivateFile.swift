package import Foundation
import Glibc

/// A file that only its owner can read. It appears whole or not at all.
package struct PrivateFile: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    /// `nil` when there is no such file, or when it cannot be read.
    package var contents: Data? { try? Data(contentsOf: URL(filePath: path)) }

    /// Makes the file, and its folder where that is missing. Anyone who is first wins.
    /// - Returns: what is in the file now: `contents`, or what somebody else put there before.
    /// - Throws: ``CannotWrite``
    package func make(_ contents: Data) throws(CannotWrite) -> Data {
        if let present = self.contents { return present }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let draft = try write(contents)
        defer { unlink(draft) }
        // A link to what is written already, and not a file that is filled after: nobody reads half a key.
        guard link(draft, path) == 0 else {
            guard errno == EEXIST, let present = self.contents else { throw CannotWrite(path: path) }
            return present
        }
        syncFolder()
        return contents
    }

    /// Puts `contents` in place of what is there, for the same owner.
    /// - Throws: ``CannotWrite``
    package func replace(with contents: Data) throws(CannotWrite) {
        let draft = try write(contents)
        var status = stat()
        // A command that root runs must not take the key away from the server's user.
        let keepsOwner = stat(path, &status) != 0 || chown(draft, status.st_uid, status.st_gid) == 0
        guard keepsOwner, rename(draft, path) == 0 else {
            unlink(draft)
            throw CannotWrite(path: path)
        }
        syncFolder()
    }

    package struct CannotWrite: Error, CustomStringConvertible {
        package let path: String
        package var description: String { "\(path) cannot be written." }
    }

    /// - Returns: the path of a file beside ours with `contents`, on disk.
    private func write(_ contents: Data) throws(CannotWrite) -> String {
        let draft = "\(path).\(UUID().uuidString)"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CannotWrite(path: path) }
        defer { close(descriptor) }
        let written = contents.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == contents.count, fsync(descriptor) == 0 else {
            unlink(draft)
            throw CannotWrite(path: path)
        }
        return draft
    }

    private func syncFolder() {
        let descriptor = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
