import CCurl
import Foundation
import Synchronization

/// One mail on its way over SMTP. Used by one thread.
final class MailTransfer {
    private let easy: UnsafeMutableRawPointer
    private let document: Data
    private let limits: OutgoingLimits
    private let cancellation: Cancellation
    private var recipients: UnsafeMutablePointer<curl_slist>?

    private var sentBytes = 0
    private var receivedBytes = 0
    /// The enhanced status code of the last refusal.
    private var status: String?

    init(_ document: Data, from: MailAddress, to: MailAddress, limits: OutgoingLimits, cancellation: Cancellation) {
        guard let easy = curl_easy_init() else { preconditionFailure("no memory left for libcurl") }
        self.easy = easy
        self.document = document
        self.limits = limits
        self.cancellation = cancellation
        convene_curl_set_text(easy, CURLOPT_MAIL_FROM, "<\(from.address)>")
        recipients = curl_slist_append(nil, "<\(to.address)>")
        convene_curl_set_pointer(easy, CURLOPT_MAIL_RCPT, recipients)
        convene_curl_set_long(easy, CURLOPT_UPLOAD, 1)
        convene_curl_set_size(easy, CURLOPT_INFILESIZE_LARGE, document.count)
        setCallbacks()
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(recipients)
    }

    func connect(to server: SMTPServer, trusting authorities: URL?) {
        convene_curl_set_text(easy, CURLOPT_URL, server.address)
        convene_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        convene_curl_set_text(easy, CURLOPT_PROXY, "")
        convene_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        convene_curl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let user = server.user, let password = server.password {
            convene_curl_set_text(easy, CURLOPT_USERNAME, user)
            convene_curl_set_text(easy, CURLOPT_PASSWORD, password)
            // Under TLS these are enough, and libcurl would try Kerberos first with a user who has a domain.
            convene_curl_set_text(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
            convene_curl_set_long(easy, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        } else if server.address.lowercased().hasPrefix("smtp:") {
            convene_curl_set_long(easy, CURLOPT_USE_SSL, Int(CURLUSESSL_TRY.rawValue))
            convene_curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
            convene_curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
        }
        if let authorities { convene_curl_set_text(easy, CURLOPT_CAINFO, authorities.path) }
        convene_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, limits.connecting.wholeMilliseconds)
        convene_curl_set_long(easy, CURLOPT_TIMEOUT_MS, limits.total.wholeMilliseconds)
        // While libcurl says goodbye it asks for no other limit than this, which is in seconds.
        convene_curl_set_long(
            easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, limits.total.wholeMilliseconds / 1000))
    }

    func carryOut() -> Result<Void, MailFailure> {
        let code = curl_easy_perform(easy)
        if code == CURLE_OK { return .success(()) }
        var number = 0
        convene_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &number)
        let reason = String(cString: curl_easy_strerror(code))
        // Before the mail is spoken of, a refusal is about us: the greeting, TLS, the password.
        let isAboutMail = code == CURLE_SEND_ERROR || sentBytes > 0
        guard isAboutMail, number >= 400 else {
            return .failure(sentBytes > 0 ? .lost(reason: reason) : .notSent(reason: reason))
        }
        let reply = SMTPReply(code: number, status: status)
        // 53z: we should have signed in, or under TLS (RFC 4954).
        return .failure(number >= 500 && !(530...539).contains(number) ? .refused(reply) : .postponed(reply))
    }

    // MARK: Called by libcurl

    private func setCallbacks() {
        let me = Unmanaged.passUnretained(self).toOpaque()
        convene_curl_set_transfer_callback(easy, CURLOPT_READFUNCTION) { into, size, count, me in
            guard let into, let me else { return Int(CURL_READFUNC_ABORT) }
            return MailTransfer.at(me).read(into: UnsafeMutableRawBufferPointer(start: into, count: size * count))
        }
        convene_curl_set_transfer_callback(easy, CURLOPT_HEADERFUNCTION) { line, size, count, me in
            guard let line, let me else { return 0 }
            return MailTransfer.at(me).receive(UnsafeRawBufferPointer(start: line, count: size * count))
        }
        // Otherwise it would go to standard output.
        convene_curl_set_transfer_callback(easy, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
        convene_curl_set_progress_callback(easy) { me, _, _, _, _ in
            guard let me else { return 1 }
            return MailTransfer.at(me).cancellation.isWanted.load(ordering: .relaxed) ? 1 : 0
        }
        convene_curl_set_long(easy, CURLOPT_NOPROGRESS, 0)
        for option in [CURLOPT_READDATA, CURLOPT_HEADERDATA, CURLOPT_XFERINFODATA] {
            convene_curl_set_pointer(easy, option, me)
        }
    }

    /// The transfer that libcurl hands back. It outlives its handle, which only ``deinit`` closes.
    private static func at(_ pointer: UnsafeMutableRawPointer) -> MailTransfer {
        Unmanaged<MailTransfer>.fromOpaque(pointer).takeUnretainedValue()
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let part = document.dropFirst(sentBytes).prefix(buffer.count)
        part.copyBytes(to: buffer)
        sentBytes += part.count
        return part.count
    }

    private func receive(_ line: UnsafeRawBufferPointer) -> Int {
        receivedBytes += line.count
        guard receivedBytes <= limits.responseBytes else { return 0 }
        let text = String(decoding: line, as: UTF8.self)
        // After a refusal libcurl says goodbye, which is answered too.
        if let match = text.prefixMatch(of: /[45]\d\d[ -](\d\.\d{1,3}\.\d{1,3})\s/) { status = String(match.1) }
        return line.count
    }
}
