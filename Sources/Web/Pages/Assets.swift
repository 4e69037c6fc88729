import Crypto
import Foundation
import HTTP
import HTTPTypes
import NIOCore
import Values

/// The pages' scripts, styles and icons, held in memory. Their addresses carry a hash of all of them, so browsers keep
/// them for ever and still never mix two versions.
struct Assets: Sendable {
    let version: String
    /// By path, such as `week/week.js`.
    private let files: [String: (type: String, bytes: ByteBuffer)]

    /// - Parameter generated: by path, what is in no file.
    /// - Throws: when the folder cannot be read: the server is not installed completely.
    init(generated: [String: String] = [:]) throws {
        var files: [String: (type: String, bytes: ByteBuffer)] = [:]
        var contents = generated.mapValues { Data($0.utf8) }
        let folder = Resources.folder
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false)) {
            guard Self.type(of: path) != nil else { continue }
            contents[path] = try Data(contentsOf: folder.appending(path: path))
        }
        var hash = SHA256()
        for (path, data) in contents.sorted(by: { $0.key < $1.key }) {
            guard let type = Self.type(of: path) else { continue }
            files[path] = (type, ByteBuffer(bytes: data))
            hash.update(data: Data(path.utf8))
            hash.update(data: data)
        }
        self.files = files
        version = hash.finalize().prefix(6).hex
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
        return .shared(
            file.bytes, type: file.type,
            headers: [.cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-store"])
    }
}
