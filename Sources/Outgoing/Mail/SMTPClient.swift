import CCurl
import Dispatch
package import Foundation
import Synchronization

/// Hands mails to an SMTP server through libcurl, each over a connection of its own.
///
/// `smtps://` is TLS from the start. With `smtp://`, STARTTLS is demanded when there is a password to protect. Both
/// check the server's certificate. Without a password, as to a relay of one's own network, STARTTLS is used when it is
/// offered and no certificate is asked for, as mail servers do among themselves (RFC 7435).
///
/// libcurl waits for an SMTP server's last word without letting other transfers go on, so these do not share the
/// thread of ``OutgoingClient``.
package struct SMTPClient: MailTransport {
    private let server: SMTPServer
    private let sender: MailAddress
    private let limits: OutgoingLimits
    private let authorities: URL?
    private let queue = DispatchQueue(label: "mail", attributes: .concurrent)
    private static let libraryStarted = convene_curl_start()

    /// - Parameter authorities: Certificates to trust in place of the system's, in PEM.
    package init(
        server: SMTPServer, sender: MailAddress,
        limits: OutgoingLimits = OutgoingLimits(connecting: .seconds(10), total: .seconds(60), responseBytes: 64_000),
        authorities: URL? = nil
    ) {
        precondition(Self.libraryStarted == CURLE_OK, "libcurl does not start")
        self.server = server
        self.sender = sender
        self.limits = limits
        self.authorities = authorities
    }

    /// Returns once the server has taken the mail. Cancelling the task ends the transfer within some two seconds.
    package func send(_ message: MailMessage) async throws(MailFailure) {
        let cancellation = Cancellation()
        let (server, sender, limits, authorities) = (server, sender, limits, authorities)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async {
                    let transfer = MailTransfer(
                        message.document(from: sender), from: sender, to: message.to, limits: limits,
                        cancellation: cancellation)
                    transfer.connect(to: server, trusting: authorities)
                    continuation.resume(returning: transfer.carryOut())
                }
            }
        } onCancel: {
            cancellation.isWanted.store(true, ordering: .relaxed)
        }
        try result.get()
    }
}

/// Tells a transfer that nobody waits for it any more.
final class Cancellation: Sendable {
    let isWanted = Atomic<Bool>(false)
}
