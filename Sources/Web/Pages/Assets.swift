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
    private let files: [String: (type: String, bytes: ByteBuffer)]

    /// - Parameter generated: by name, what is in no file.
    /// - Throws: when the folder cannot be read: the server is not installed completely.
    init(generated: [String: String] = [:]) throws {
        guard let folder = Bundle.module.url(forResource: "Assets", withExtension: nil) else {
            throw CocoaError(.fileNoSuchFile)
        }
        var files: [String: (type: String, bytes: ByteBuffer)] = [:]
        var contents = generated.mapValues { Data($0.utf8) }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)) {
            contents[name] = try Data(contentsOf: folder.appending(path: name))
        }
        var hash = SHA256()
        for (name, data) in contents.sorted(by: { $0.key < $1.key }) {
            guard let type = Self.types[name.split(separator: ".").last.map(String.init) ?? ""] else { continue }
            files[name] = (type, ByteBuffer(bytes: data))
            hash.update(data: Data(name.utf8))
            hash.update(data: data)
        }
        self.files = files
        version = hash.finalize().prefix(6).hex
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    /// What the pages' scripts import as `event-types.js`: a browser has to name every type that it listens for.
    static func eventTypes(_ types: [String]) throws -> [String: String] {
        [
            "event-types.js":
                "export const eventTypes = \(String(decoding: try JSONEncoder().encode(types), as: UTF8.self));\n"
        ]
    }

    /// - Throws: 404 for what there is not.
    func reply(to name: String, version: String) throws -> Reply {
        guard let file = files[name] else { throw Problem.notFound }
        let isCurrent = version == self.version
        return .shared(
            file.bytes, type: file.type,
            headers: [.cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-store"])
    }
}
