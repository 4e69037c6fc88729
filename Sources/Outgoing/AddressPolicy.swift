import Values

/// Where a client may connect to. It is asked where the socket is opened, with the address that is really used, so a
/// name that resolves differently the second time does not get around it.
///
/// A policy belongs to a whole client and not to a request: connections are kept, and one that was opened under
/// another policy would be used again without being asked.
package enum AddressPolicy: Sendable {
    /// For URLs that a user typed: only addresses of the public Internet.
    case publicOnly
    /// For URLs out of the operator's own configuration: any address.
    case configured

    func allows(_ address: IPAddress?) -> Bool {
        switch self {
        case .configured: true
        case .publicOnly: address?.isPublic ?? false
        }
    }
}
