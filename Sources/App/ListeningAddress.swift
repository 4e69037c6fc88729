import Foundation
import Glibc

/// Where the server will listen, tried before anything else is started: a sentence is better than a database that comes
/// up for nothing.
struct ListeningAddress {
    let host: String
    let port: Int

    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    /// Takes the address for a moment.
    /// - Returns: its port; for 0 one that is free, so that links can name it before anybody listens there.
    /// - Throws: ``Unusable``
    func reserve() throws(Unusable) -> Int {
        var wanted = addrinfo()
        wanted.ai_flags = AI_PASSIVE
        wanted.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &wanted, &found) == 0, let address = found else {
            throw Unusable(description: "There is no host \(host) to listen at (CONVENE_HOST).")
        }
        defer { freeaddrinfo(address) }
        let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { return port }
        defer { close(descriptor) }
        // As the server itself does: an address whose last connections are still ending is free.
        var yes: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        if bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 {
            return port == 0 ? Self.port(of: descriptor) : port
        }
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let problem =
            switch errno {
            case EADDRINUSE: "\(place) is taken: another program listens there (CONVENE_PORT)."
            case EADDRNOTAVAIL: "\(place) is no address of this machine (CONVENE_HOST)."
            case EACCES: "\(place) is not for everybody: this system keeps that port for others (CONVENE_PORT)."
            case let code: "\(place) cannot be listened at: \(String(cString: strerror(code)))."
            }
        throw Unusable(description: problem)
    }

    private static func port(of descriptor: CInt) -> Int {
        var bound = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &bound) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(descriptor, address, &length) == 0 else { return 0 }
                // The port stands in the same place for both families.
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
    }
}
