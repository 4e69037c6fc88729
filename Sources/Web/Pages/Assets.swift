import Crypto
import Foundation
import HTTP
import HTTPTypes
import NIOCore
import Values

/// The pages' scripts, styles and icons, joined, compressed and held in memory. Their addresses carry a hash of all of
/// them, so browsers keep them for ever and still never mix two versions.
struct Assets: Sendable {
    let version: String
    /// By path, such as `week/week.js`.
    private let files: [String: (type: String, body: KeptBody)]

    /// - Parameter generated: by path, what is in no file.
    /// - Throws: when the folder cannot be read, as the server is not installed completely; ``AssetError``
    init(generated: [String: String] = [:]) throws {
        var sources = generated
        let folder = Resources.folder
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false)) {
            guard path.contains(".") else { continue }
            sources[path] = String(decoding: try Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
        }
        var files: [String: (type: String, body: KeptBody)] = [:]
        var hash = SHA256()
        for path in Self.served(of: sources) {
            guard let type = Self.type(of: path) else { continue }
            let text = path.hasSuffix(".svg") ? sources[path] ?? "" : try JoinedFile(path, of: sources).text
            files[path] = (type, KeptBody(ByteBuffer(string: text)))
            hash.update(data: Data(path.utf8))
            hash.update(data: Data(text.utf8))
        }
        self.files = files
        version = hash.finalize().prefix(6).hex
    }

    /// Whatever a template names, and pictures, which scripts name too; in one order.
    private static func served(of sources: [String: String]) -> [String] {
        let named = sources.filter { $0.key.hasSuffix(".mustache") }.values.flatMap { template in
            template.matches(of: /\{\{assets\}\}\/([\w\/.-]+)/).map { String($0.1) }
        }
        return Set(named + sources.keys.filter { $0.hasSuffix(".svg") }).sorted()
    }

    /// The address that they are below.
    var address: String { "/assets/\(version)" }

    private static func type(of path: String) -> String? {
        types[path.split(separator: ".").last.map(String.init) ?? ""]
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    /// What the pages' scripts import as `shared/event-types.js`: a browser has to name every type that it listens for.
    static func eventTypes(_ types: [String]) throws -> [String: String] {
        [
            "shared/event-types.js":
                "export const eventTypes = \(String(decoding: try JSONEncoder().encode(types), as: UTF8.self));\n"
        ]
    }

    /// 404 for what there is not.
    var pages: [WebPage] { [.open(.get, "/assets/{version}/{feature}/{file}", reply)] }

    @Sendable private func reply(to request: PageRequest) throws -> Reply {
        guard let file = files["\(request.parameter("feature"))/\(request.parameter("file"))"] else {
            throw Problem.notFound
        }
        let isCurrent = request.parameter("version") == version
        return .kept(
            file.body, type: file.type,
            headers: [.cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-store"])
    }
}
