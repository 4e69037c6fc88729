import Crypto
import Foundation
import Glibc
import Values

/// The last line of a backup: the hash of all bytes before it. PostgreSQL's format finds out that something is missing,
/// and not that a byte has changed; its programs do not mind what stands behind a dump.
enum BackupSeal {
    private static let mark = Data("convene-backup-sha256:".utf8)
    private static let length = mark.count + 64 + 1
    private static let portion = 1 << 20

    /// Adds the line to a file that was written from its beginning.
    /// - Parameter descriptor: for reading and writing.
    /// - Throws: `POSIXError`
    static func add(to descriptor: Int32) throws {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw failure() }
        let line = line(for: try hash(of: descriptor, upTo: Int(size)))
        let written = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, size) }
        guard written == line.count else { throw failure() }
    }

    /// - Returns: whether the file ends with the line, and its bytes are those that the line was made for.
    /// - Throws: `POSIXError`
    static func holds(in path: String) throws -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END)) - length
        guard size >= 0 else { return false }
        return try read(descriptor, count: length, at: size) == line(for: hash(of: descriptor, upTo: size))
    }

    private static func line(for hash: SHA256.Digest) -> Data {
        mark + Data(Data(hash).hex.utf8) + Data("\n".utf8)
    }

    private static func hash(of descriptor: Int32, upTo size: Int) throws -> SHA256.Digest {
        var hash = SHA256()
        var place = 0
        while place < size {
            let part = try read(descriptor, count: min(portion, size - place), at: place)
            guard !part.isEmpty else { break }
            hash.update(data: part)
            place += part.count
        }
        return hash.finalize()
    }

    private static func read(_ descriptor: Int32, count: Int, at place: Int) throws -> Data {
        var part = Data(count: count)
        let got = part.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(place)) }
        guard got >= 0 else { throw failure() }
        return part.prefix(got)
    }

    private static func failure() -> POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
