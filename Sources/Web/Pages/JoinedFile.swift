import Foundation

/// A script or a style sheet in one piece with all that it imports, each once and before whoever imports it: a page asks
/// for one file, and is not told of the next only when that one has come (docs/decisions/0016).
struct JoinedFile {
    private(set) var text = ""
    private let files: [String: String]
    /// Whether all that it imports has been taken in.
    private var isWhole: [String: Bool] = [:]

    /// - Parameters:
    ///   - path: such as `week/week.js`.
    ///   - files: what may be imported, by path.
    /// - Throws: ``AssetError``
    init(_ path: String, of files: [String: String]) throws {
        self.files = files
        try take(path, for: path)
    }

    private mutating func take(_ path: String, for importer: String) throws {
        if let isWhole = isWhole[path] {
            guard isWhole else { throw AssetError.circle(path) }
            return
        }
        guard let source = files[path] else { throw AssetError.missing(path, importer: importer) }
        isWhole[path] = false
        let part: any ImportingFile = path.hasSuffix(".js") ? try ScriptPart(source, path) : StylePart(source, path)
        for imported in part.imports { try take(imported, for: path) }
        isWhole[path] = true
        text += part.text
    }
}

/// What cannot be joined: a mistake in a file of ours.
enum AssetError: Error {
    /// A file imports itself, by way of others.
    case circle(String)
    case missing(String, importer: String)
    /// An import or export in another form than ``ScriptPart`` reads.
    case unreadable(String, line: String)
}

/// A file as it stands among those that it is joined with.
protocol ImportingFile {
    /// Paths, in the order in which they are imported.
    var imports: [String] { get }
    var text: String { get }
}

/// A style sheet without the imports that it begins with.
struct StylePart: ImportingFile {
    private(set) var imports: [String] = []
    private(set) var text = ""

    init(_ source: String, _ path: String) {
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            if let found = line.wholeMatch(of: /@import "([^"]+)";/) {
                imports.append(found.1.resolved(from: path))
            } else {
                text += line + "\n"
            }
        }
    }
}

extension Substring {
    /// A relative address in the file `path`, as a path of its own: `../shared/dom.js` in `week/week.js` is
    /// `shared/dom.js`.
    func resolved(from path: String) -> String {
        var folders = path.split(separator: "/").dropLast()
        for step in split(separator: "/") where step != "." {
            if step == ".." { folders = folders.dropLast() } else { folders.append(step) }
        }
        return folders.joined(separator: "/")
    }
}
