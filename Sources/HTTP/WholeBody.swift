import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The body when all of it has come.
    /// - Parameter timeout: how long it may take; a body that comes a byte at a time would otherwise keep its
    ///   connection for ever, since it is never idle.
    /// - Throws: a 400 problem when the client broke off, which nobody hears any more and which is no mistake of ours;
    ///   a 408 problem when it took too long; what becomes a 413 when the body is larger than `limit`.
    func wholeBody(upTo limit: Int, within timeout: Duration = .seconds(30)) async throws -> ByteBuffer {
        // Known before the first byte of it: nobody has to wait for what is refused anyway.
        if let length = headers[.contentLength].flatMap(Int.init), length > limit { throw HTTPError(.contentTooLarge) }
        do {
            return try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
                group.addTask { [body] in try await body.collect(upTo: limit) }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw Problem.tooSlow
                }
                defer { group.cancelAll() }
                guard let buffer = try await group.next() else { throw CancellationError() }
                return buffer
            }
        } catch let error as NIOTooManyBytesError {
            throw error
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(
                status: .badRequest, code: "broken_off", title: "Broken off",
                detail: "The request ended before its body did. Send it again.")
        }
    }
}
