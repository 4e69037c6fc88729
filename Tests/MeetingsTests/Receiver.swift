import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Testing

/// Stands where Convene listens for webhooks, and keeps what comes.
struct Receiver: Sendable {
    struct Delivery: Sendable {
        let path: String
        let headers: HTTPFields
        let body: Data

        func header(_ name: String) -> String {
            HTTPField.Name(name).flatMap { headers[$0] } ?? ""
        }
    }

    /// Every delivery as it comes.
    let arrivals: AsyncStream<Delivery>
    let url: URL

    /// - Parameter failures: How many deliveries are answered with 500 before the others are taken.
    static func run(failures: Int = 0, _ test: (Receiver) async throws -> Void) async throws {
        let left = Mutex(failures)
        let (arrivals, arrived) = AsyncStream.makeStream(of: Delivery.self)
        let router = Router()
        router.post("api/webhooks/:provider") { request, _ -> HTTPResponse.Status in
            let body = Data(try await request.body.collect(upTo: 1_000_000).readableBytesView)
            arrived.yield(Delivery(path: request.uri.path, headers: request.headers, body: body))
            return left.withLock { left in
                left -= 1
                return left < 0 ? .ok : .internalServerError
            }
        }
        let (bound, binding) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in binding.yield(channel.localAddress?.port ?? 0) },
            logger: .silent)
        try await whileRunning(application) { _ in
            let port = try #require(await bound.first { _ in true })
            let url = try #require(URL(string: "http://127.0.0.1:\(port)"))
            try await test(Receiver(arrivals: arrivals, url: url))
        }
    }

    func deliveries(_ count: Int) async -> [Delivery] {
        var deliveries: [Delivery] = []
        for await delivery in arrivals.prefix(count) { deliveries.append(delivery) }
        return deliveries
    }
}
