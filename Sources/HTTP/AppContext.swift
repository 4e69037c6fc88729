package import Hummingbird

/// What Hummingbird carries along with a request of ours.
package struct AppContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Where the request comes from, as far as our proxies can be believed.
    package var address: String?
    /// Who has the connection.
    let peer: String?

    package init(source: Source) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress
        address = peer
    }
}
