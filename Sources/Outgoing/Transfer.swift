import CCurl
import Foundation
import Glibc
import Values

/// One request on its way. Used on the transfer thread only.
final class Transfer {
    let id: UInt64
    /// libcurl's handle.
    let easy: UnsafeMutableRawPointer

    private let answer: CheckedContinuation<TransferThread.Completion, Never>
    private let policy: AddressPolicy
    private let limits: OutgoingLimits
    private let outgoingBody: Data
    private var sentBytes = 0
    private var headerList: UnsafeMutablePointer<curl_slist>?

    private var receivedBytes = 0
    private var headers: [(name: String, value: String)] = []
    private var incomingBody = Data()
    /// What a callback found out, which libcurl's own code for the failure does not tell.
    private var verdict: OutgoingError?

    init(_ order: TransferThread.Order, policy: AddressPolicy) {
        guard let easy = curl_easy_init() else { preconditionFailure("no memory left for libcurl") }
        self.easy = easy
        id = order.id
        answer = order.answer
        limits = order.limits
        outgoingBody = order.request.body ?? Data()
        self.policy = policy
        setConnection(to: order.request.url)
        setRequest(order.request)
        setCallbacks()
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
    }

    func finish(_ code: CURLcode) {
        answer.resume(returning: outcome(code))
    }

    func abandon(reason: String) {
        answer.resume(returning: .failure(wasSent ? .lost(reason: reason) : .notSent(reason: reason)))
    }

    private func outcome(_ code: CURLcode) -> TransferThread.Completion {
        if code == CURLE_OK {
            var status = 0
            convene_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
            return .success(OutgoingResponse(status: status, headers: headers, body: incomingBody))
        }
        // A name may have several addresses, and one was refused but another answered: then that answer counts.
        if let verdict, verdict == .tooLarge || !wasSent { return .failure(verdict) }
        let reason = String(cString: curl_easy_strerror(code))
        return .failure(wasSent ? .lost(reason: reason) : .notSent(reason: reason))
    }

    /// Whether any byte of the request was written to a connection.
    private var wasSent: Bool {
        var bytes = 0
        convene_curl_get_long(easy, CURLINFO_REQUEST_SIZE, &bytes)
        return bytes > 0
    }

    // MARK: Setting up

    private func setConnection(to url: URL) {
        convene_curl_set_text(easy, CURLOPT_URL, url.absoluteString)
        convene_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // A proxy of the environment would be connected to in place of the address that the policy is asked about.
        convene_curl_set_text(easy, CURLOPT_PROXY, "")
        convene_curl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        convene_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        convene_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Servers drop idle connections after some time, and a request that meets one of these is lost.
        convene_curl_set_long(easy, CURLOPT_MAXAGE_CONN, 30)
        convene_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, limits.connecting.wholeMilliseconds)
        convene_curl_set_long(easy, CURLOPT_TIMEOUT_MS, limits.total.wholeMilliseconds)
    }

    private func setRequest(_ request: OutgoingRequest) {
        switch request.method {
        case .get: convene_curl_set_long(easy, CURLOPT_HTTPGET, 1)
        case .head: convene_curl_set_long(easy, CURLOPT_NOBODY, 1)
        case .post, .put, .patch: sendBody()
        case .delete: if !outgoingBody.isEmpty { sendBody() }
        }
        if request.method == .post, outgoingBody.isEmpty {
            // Without a body there is nothing whose repetition could be refused (see `refuseRewinding`).
            convene_curl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
        }
        convene_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        // Long bodies would otherwise wait a second for "100 Continue", which many servers never send.
        headerList = curl_slist_append(headerList, "Expect:")
        for header in request.headers {
            // libcurl leaves a header with nothing after the colon out; a semicolon in its place sends it empty.
            let line = header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
            headerList = curl_slist_append(headerList, line)
        }
        convene_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)
    }

    private func sendBody() {
        convene_curl_set_long(easy, CURLOPT_UPLOAD, 1)
        convene_curl_set_size(easy, CURLOPT_INFILESIZE_LARGE, outgoingBody.count)
    }

    private func setCallbacks() {
        let me = Unmanaged.passUnretained(self).toOpaque()
        convene_curl_set_transfer_callback(easy, CURLOPT_READFUNCTION) { into, size, count, me in
            guard let into, let me else { return Int(CURL_READFUNC_ABORT) }
            return Transfer.at(me).read(into: UnsafeMutableRawBufferPointer(start: into, count: size * count))
        }
        convene_curl_set_transfer_callback(easy, CURLOPT_HEADERFUNCTION) { line, size, count, me in
            guard let line, let me else { return 0 }
            return Transfer.at(me).receiveHeader(UnsafeRawBufferPointer(start: line, count: size * count))
        }
        convene_curl_set_transfer_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
            guard let bytes, let me else { return 0 }
            return Transfer.at(me).receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        convene_curl_set_open_socket_callback(easy) { me, _, address in
            guard let me, let address else { return CURL_SOCKET_BAD }
            return Transfer.at(me).openSocket(to: address)
        }
        // Refuse rewinding. When a kept connection turns out to be dead after the request was written to it, libcurl
        // sends the request again by itself, a POST too. It has to rewind the body for that, so it cannot.
        convene_curl_set_seek_callback(easy) { _, _, _ in CURL_SEEKFUNC_FAIL }
        for option in [CURLOPT_READDATA, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_OPENSOCKETDATA] {
            convene_curl_set_pointer(easy, option, me)
        }
    }

    /// The transfer that libcurl hands back. It outlives its handle, which only ``deinit`` closes.
    private static func at(_ pointer: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
    }

    // MARK: Called by libcurl

    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let part = outgoingBody.dropFirst(sentBytes).prefix(buffer.count)
        part.copyBytes(to: buffer)
        sentBytes += part.count
        return part.count
    }

    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard count(bytes) else { return 0 }
        let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if line.hasPrefix("HTTP/") {
            headers = []  // of an interim answer, such as 103
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers.append((String(line[..<colon]), value))
        }
        return bytes.count
    }

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard count(bytes) else { return 0 }
        incomingBody.append(contentsOf: bytes)
        return bytes.count
    }

    private func count(_ bytes: UnsafeRawBufferPointer) -> Bool {
        receivedBytes += bytes.count
        guard receivedBytes <= limits.responseBytes else {
            verdict = .tooLarge
            return false
        }
        return true
    }

    private func openSocket(to address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        guard policy.allows(IPAddress(convene_curl_address(address))) else {
            verdict = .addressRefused
            return CURL_SOCKET_BAD
        }
        return convene_curl_open(address)
    }
}

extension Duration {
    /// At least 1: libcurl takes 0 for "no limit".
    var wholeMilliseconds: Int { max(1, Int(saturating: self / .milliseconds(1))) }
}
