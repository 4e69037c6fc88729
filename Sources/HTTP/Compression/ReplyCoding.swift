import HTTPTypes
package import Hummingbird
import NIOCore

extension Reply {
    /// The reply in the coding that the client asks for (RFC 9110, 8.4), where it may have one.
    package func response(to request: Request) -> Response {
        var fields = headers
        let bytes: ByteBuffer
        switch body {
        case .stream(let stream): return Response(status: status, headers: headers, body: stream)
        case .kept(let kept):
            // A cache on the way must not give the one form to who asked for the other.
            fields.append(HTTPField(name: .vary, value: "Accept-Encoding"))
            bytes = kept.bytes(in: AcceptedCoding(request.headers), noting: &fields)
        case .whole(let whole):
            guard whole.readableBytes >= Gzip.leastBytes else { bytes = whole; break }
            fields.append(HTTPField(name: .vary, value: "Accept-Encoding, Sec-Fetch-Site"))
            bytes = Self.coded(whole, for: request, noting: &fields)
        }
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: bytes))
    }

    private static func coded(_ whole: ByteBuffer, for request: Request, noting fields: inout HTTPFields) -> ByteBuffer
    {
        guard request.mayBeToldBriefly, AcceptedCoding(request.headers) == .gzip,
            let compressed = Gzip.compressed(whole, effort: .quick)
        else { return whole }
        fields[.contentEncoding] = "gzip"
        return compressed
    }
}

extension KeptBody {
    /// - Parameter fields: are told the coding, if there is one.
    fileprivate func bytes(in coding: AcceptedCoding, noting fields: inout HTTPFields) -> ByteBuffer {
        guard coding == .gzip, let gzip else { return plain }
        fields[.contentEncoding] = "gzip"
        return gzip
    }
}

extension Request {
    /// Whether the answer's length may depend on what it says. Who sees how long answers are, and makes somebody's
    /// browser ask for pages that repeat a guess of theirs, learns a secret on these pages letter by letter (BREACH,
    /// CVE-2013-3587). So what another site asks for is not compressed, as browsers tell it; nor is what answers a
    /// change, where tokens, keys and recovery codes are given out.
    fileprivate var mayBeToldBriefly: Bool {
        guard method == .get || method == .head else { return false }
        return switch headers[HTTPField.Name("Sec-Fetch-Site")!] {
        case nil, "same-origin", "none": true
        default: false
        }
    }
}
