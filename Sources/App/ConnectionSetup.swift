import Foundation
import HTTP
import Logging
import Web

// What the server finds around it, and says when it looks wrong.

extension Assembly {
    /// As many connections as are set, or as the system allows.
    func connectionLimits() -> ConnectionLimits {
        let descriptors = OpenFiles.raiseLimit()
        let possible = OpenFiles.leftForConnections(of: descriptors, databaseConnections: settings.databaseConnections)
        if possible < min(settings.connections, 1000) {
            logger.warning(
                "few connections are possible; raise the limit on open files (LimitNOFILE, ulimit -n)",
                metadata: ["connections": "\(possible)", "descriptors": "\(descriptors)"])
        }
        return ConnectionLimits(
            most: min(settings.connections, possible), perAddress: settings.connectionsPerAddress,
            streamsPerPerson: settings.streamsPerPerson)
    }

    /// Browsers come by https, so there is a proxy, which nobody has named.
    func warnOfUnknownProxy() {
        guard settings.publicURL?.scheme == "https", settings.trustedProxies.isEmpty else { return }
        logger.warning(
            """
            CONVENE_PUBLIC_URL is https and CONVENE_TRUSTED_PROXIES names no proxy: every request seems to come from the \
            proxy, so everybody shares one allowance of attempts, and no flood is held back
            """)
    }
}
