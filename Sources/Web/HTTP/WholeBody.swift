import Hummingbird
import NIOCore

extension Request {
    /// The body when all of it has come.
    /// - Throws: a 400 problem when the client broke off, which nobody hears any more and which is no mistake of ours;
    ///   what becomes a 413 when the body is larger than `limit`.
    func wholeBody(upTo limit: Int) async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: limit)
        } catch let error as NIOTooManyBytesError {
            throw error
        } catch {
            throw Problem(
                status: .badRequest, code: "broken_off", title: "Broken off",
                detail: "The request ended before its body did. Send it again.")
        }
    }
}
