import CZlib
import NIOCore

/// Compresses what is in memory already, all of it at once (RFC 1952).
enum Gzip {
    /// What zlib trades between time and size.
    enum Effort: Int32 {
        /// For what one request is answered with.
        case quick = 5
        /// For what is compressed once and sent to many.
        case thorough = 9
    }

    /// What is smaller fits into the first packet anyway.
    static let leastBytes = 1_000

    /// - Returns: `nil` where it is not worth it: for what is short, and for what does not become shorter.
    static func compressed(_ bytes: ByteBuffer, effort: Effort) -> ByteBuffer? {
        guard bytes.readableBytes >= leastBytes, let length = UInt32(exactly: bytes.readableBytes) else { return nil }
        var stream = z_stream()
        guard
            deflateInit2_(
                &stream, effort.rawValue, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        // Room for less than there was: zlib stops where it would be no gain.
        var compressed = ByteBuffer()
        let status = bytes.withUnsafeReadableBytes { input in
            // zlib reads here and does not write, but its interface is older than const.
            stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = length
            return compressed.writeAll(of: &stream, upTo: length)
        }
        // In a place of its own size, since what is kept for many is kept for long.
        return status == Z_STREAM_END ? ByteBuffer(bytes: compressed.readableBytesView) : nil
    }

    /// The largest window, and 16 for the frame of gzip in place of zlib's own (`deflateInit2` in zlib.h).
    private static let gzipWindow: Int32 = 15 + 16
}

extension ByteBuffer {
    /// - Returns: zlib's word on it, `Z_STREAM_END` where everything was written.
    fileprivate mutating func writeAll(of stream: inout z_stream, upTo length: UInt32) -> Int32 {
        var status = Z_OK
        writeWithUnsafeMutableBytes(minimumWritableBytes: Int(length)) { output in
            stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
            stream.avail_out = length
            status = deflate(&stream, Z_FINISH)
            return Int(length - stream.avail_out)
        }
        return status
    }
}
