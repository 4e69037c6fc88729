import NIOCore
import Synchronization
import Values

/// The connections that stand, and whether anything is asked on them.
///
/// Whoever opens connections and asks nothing costs nothing but room. When it becomes scarce, those go first on which
/// nothing was ever asked, and then those on which nothing has been asked for the longest. So somebody with a request
/// always finds a place, and whoever works keeps their connection, which they may be asking on at that moment.
package final class Connections: Sendable {
    /// Since when nothing is asked on a connection.
    final class Rest: Sendable {
        /// Nanoseconds of the monotonic clock; 0 while something is asked.
        private let began = Atomic<UInt64>(0)

        private let wasAsked = Atomic<Bool>(false)

        fileprivate var hasBeenUsed: Bool { wasAsked.load(ordering: .relaxed) }

        fileprivate var since: UInt64? {
            let began = began.load(ordering: .relaxed)
            return began == 0 ? nil : began
        }

        func begin() { began.store(max(1, NIODeadline.now().uptimeNanoseconds), ordering: .relaxed) }

        func end() {
            wasAsked.store(true, ordering: .relaxed)
            began.store(0, ordering: .relaxed)
        }
    }

    private struct Entry {
        let channel: any Channel
        let network: String?
        let rest: Rest
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var byNetwork: [String: Int] = [:]
    }

    private let limits: ConnectionLimits
    private let proxies: TrustedProxies
    private let state = Mutex(State())

    package init(limits: ConnectionLimits, proxies: TrustedProxies) {
        self.limits = limits
        self.proxies = proxies
    }

    /// Takes note of a connection, and closes some that rest when there are many.
    /// - Returns: `false` when there are too many from that address.
    func open(_ channel: any Channel, from address: String?) -> Bool {
        let network = countedNetwork(of: address)
        let rest = Rest()
        rest.begin()
        let resting = state.withLock { state -> [any Channel]? in
            if let network, limits.perAddress > 0 {
                guard state.byNetwork[network, default: 0] < limits.perAddress else { return nil }
            }
            if let network { state.byNetwork[network, default: 0] += 1 }
            let resting = state.entries.count >= limits.crowd ? Self.resting(in: state) : []
            state.entries[ObjectIdentifier(channel)] = Entry(channel: channel, network: network, rest: rest)
            return resting
        }
        guard let resting else { return false }
        for channel in resting { channel.close(promise: nil) }
        return true
    }

    func rest(of channel: any Channel) -> Rest? { state.withLock { $0.entries[ObjectIdentifier(channel)]?.rest } }

    func close(_ channel: any Channel) {
        state.withLock { state in
            guard let network = state.entries.removeValue(forKey: ObjectIdentifier(channel))?.network else { return }
            let left = state.byNetwork[network, default: 0] - 1
            state.byNetwork[network] = left > 0 ? left : nil
        }
    }

    var count: Int { state.withLock { $0.entries.count } }

    /// Several at once, so that not every new connection looks through all of them.
    private static func resting(in state: State) -> [any Channel] {
        state.entries.values
            .compactMap { entry in
                entry.rest.since.map { (isUsed: entry.rest.hasBeenUsed ? 1 : 0, since: $0, channel: entry.channel) }
            }
            .sorted { ($0.isUsed, $0.since) < ($1.isUsed, $1.since) }
            .prefix(max(1, state.entries.count / 32)).map(\.channel)
    }

    /// `nil` for those who are not counted: programs on this machine, and the proxies that everybody comes through.
    private func countedNetwork(of address: String?) -> String? {
        guard let ip = address.flatMap(IPAddress.init)?.unmapped, !ip.isLoopback, !proxies.contains(ip) else {
            return nil
        }
        return ip.network
    }
}
