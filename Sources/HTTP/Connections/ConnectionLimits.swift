/// How many connections may stand at once. Each takes a descriptor, and a process without descriptors cannot even ask
/// its database; when they run out altogether, the runtime ends it.
package struct ConnectionLimits: Sendable {
    /// Of everybody together. At this many no more are accepted: they wait with the system until some are closed.
    package let most: Int
    /// From one network address, other than this machine and our own proxies; 0: no limit.
    let perAddress: Int
    /// Event streams that one person may have open; 0: no limit.
    package let streamsPerPerson: Int

    package init(most: Int, perAddress: Int, streamsPerPerson: Int) {
        self.most = most
        self.perAddress = perAddress
        self.streamsPerPerson = streamsPerPerson
    }

    /// From here on a connection on which nothing is asked makes room for a new one.
    var crowd: Int { max(1, most - most / 8) }

    /// Event streams of everybody together: they stay, and must leave room for those who come and go.
    package var streams: Int { max(1, most / 4 * 3) }
}
