import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import HTTP

@Suite struct CompressionTests {
    @Test(arguments: [
        ("gzip", true), ("gzip, deflate, br, zstd", true), ("x-gzip", true), ("*", true), ("GZIP;Q=0.001", true),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", true), ("identity;q=0.5, gzip", true), ("*;q=0, gzip", true),
        ("gzip;q=0", false), ("*;q=0", false), ("gzip;q=0.0, *", false), ("identity, gzip;q=0.5", false),
        ("br", false), ("", false), ("gzip;q=nonsense", false), ("gzip;q=7", false), (";,;q=1", false),
    ]) func `what is accepted is read to the letter`(accepted: String, gzip: Bool) {
        #expect((AcceptedCoding([.acceptEncoding: accepted]) == .gzip) == gzip)
    }

    @Test func `who says nothing gets a body as it is`() {
        #expect(AcceptedCoding([:]) == .asItIs)
    }

    private static let page = String(repeating: "<li>Somebody</li>", count: 200)

    private func response(
        to method: HTTPRequest.Method = .get, _ text: String = page, headers: HTTPFields = [:]
    ) -> Response {
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "localhost", path: "/",
            headerFields: [.acceptEncoding: "gzip"] + headers)
        return Reply.raw(text.utf8, type: "text/html").response(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer())))
    }

    private func isCompressed(_ response: Response) -> Bool { response.headers[.contentEncoding] == "gzip" }

    @Test func `a page is compressed, and says so`() {
        let response = response()

        #expect(isCompressed(response))
        #expect(response.headers[.vary] == "Accept-Encoding, Sec-Fetch-Site")
        #expect(response.body.contentLength.map { $0 < Self.page.utf8.count / 10 } == true)
    }

    @Test func `what fits into a packet anyway is not`() {
        let response = response(String(repeating: "a", count: Gzip.leastBytes - 1))

        #expect(!isCompressed(response) && response.headers[.vary] == nil)
    }

    @Test func `what would not become shorter is not`() {
        let noise = (0..<2_000).map { _ in UInt8.random(in: 0...255) }

        #expect(Gzip.compressed(ByteBuffer(bytes: noise), effort: .quick) == nil)
    }

    @Test(arguments: ["cross-site", "same-site", "something-new"])
    func `what another site asks for is not, since its length would tell`(site: String) throws {
        let field = try #require(HTTPField.Name("Sec-Fetch-Site"))

        #expect(!isCompressed(response(headers: [field: site])))
        #expect(isCompressed(response(headers: [field: "same-origin"])))
        #expect(isCompressed(response(headers: [field: "none"])))
    }

    @Test func `what answers a change is not, since secrets are given out there`() {
        #expect(!isCompressed(response(to: .post)))
        #expect(isCompressed(response(to: .head)))
    }

    @Test func `each form of a document has a tag of its own`() throws {
        let document = FixedDocument(Data(Self.page.utf8), type: "text/plain")
        let plain = try #require(document.reply(to: [:]).headers[.eTag])
        let gzip = try #require(document.reply(to: [.acceptEncoding: "gzip"]).headers[.eTag])

        #expect(plain != gzip)
        #expect(document.reply(to: [.acceptEncoding: "gzip", .ifNoneMatch: gzip]).status == .notModified)
        #expect(document.reply(to: [.ifNoneMatch: "W/" + plain]).status == .notModified)
        #expect(document.reply(to: [.ifNoneMatch: gzip]).status == .ok)
    }
}
