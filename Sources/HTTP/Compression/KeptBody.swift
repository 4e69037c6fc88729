package import NIOCore

/// A body that is the same for many, compressed once.
package struct KeptBody: Sendable {
    let plain: ByteBuffer
    /// `nil` where it is not worth it.
    let gzip: ByteBuffer?

    package init(_ bytes: ByteBuffer) {
        plain = bytes
        gzip = Gzip.compressed(bytes, effort: .thorough)
    }
}
