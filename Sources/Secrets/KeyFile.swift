import Foundation
import Glibc

/// The keys in the data folder: one in base64 a line, newest first, made when there is none.
package struct KeyFile: Sendable {
    private let file: PrivateFile
    private var path: String { file.path }

    /// - Throws: ``KeyFileError/unwritable(_:)`` when it is missing and cannot be made.
    package init(at path: String) throws(KeyFileError) {
        file = PrivateFile(path)
        do { _ = try file.make(Data(KeyRing(.random()).text.utf8)) } catch { throw .unwritable(path) }
    }

    /// - Throws: ``KeyFileError/unreadable(_:)``
    package func ring() throws(KeyFileError) -> KeyRing {
        guard let data = file.contents, let ring = KeyRing(String(decoding: data, as: UTF8.self)) else {
            throw .unreadable(path)
        }
        return ring
    }

    /// - Throws: ``KeyFileError/unwritable(_:)``
    package func write(_ ring: KeyRing) throws(KeyFileError) {
        do { try file.replace(with: Data(ring.text.utf8)) } catch { throw .unwritable(path) }
    }

    /// Which state of the file it is. Each ``write(_:)`` makes another.
    struct Stamp: Equatable {
        let inode: UInt64, seconds: Int, nanoseconds: Int, size: Int
    }

    /// `nil` when the file is gone.
    var stamp: Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            inode: UInt64(status.st_ino), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
            size: Int(status.st_size))
    }

    /// Lets one process at a time change the keys, until `work` is done or the process ends.
    /// - Throws: ``KeyFileError/inUse(_:)`` when another one is at it.
    @discardableResult
    package func whileLocked<Value>(_ work: (KeyFile) async throws -> Value) async throws -> Value {
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw KeyFileError.unwritable(path + ".lock") }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw KeyFileError.inUse(path) }
        return try await work(self)
    }
}

package enum KeyFileError: Error, Equatable, CustomStringConvertible {
    case unreadable(String)
    case unwritable(String)
    case inUse(String)

    package var description: String {
        switch self {
        case .unreadable(let path): "\(path) must hold keys of 32 bytes in base64, one a line, and be readable."
        case .unwritable(let path): "\(path) cannot be written."
        case .inUse(let path): "Another process is changing \(path). Wait until it is done."
        }
    }
}
