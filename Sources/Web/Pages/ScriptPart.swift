import Foundation

/// An ECMAScript module as a function that runs at once and returns what the module exports, so that many stand in one
/// module and none sees another's names. Lines stay lines, and comments that are whole lines stay with us.
///
/// It reads the forms that our scripts have, each in a line of its own: `import "…"`, `import { a, b as c } from "…"`,
/// and `export` before a function, a class or a `const`. An exported `let` is refused, since importers would keep the
/// value that it had first.
struct ScriptPart: ImportingFile {
    private(set) var imports: [String] = []
    private(set) var text = ""

    /// - Throws: ``AssetError/unreadable(_:line:)``
    init(_ source: String, _ path: String) throws {
        var exports: [String] = []
        var lines: [String] = []
        var isInComment = false
        for line in source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            let words = line.drop { $0 == " " }
            if words.hasPrefix("/**") || isInComment {
                isInComment = !line.contains("*/")
                // What stands behind a comment, such as a field's value.
                lines.append(line.firstRange(of: "*/").map { String(line[$0.upperBound...]) } ?? "")
            } else if words.hasPrefix("//") {
                lines.append("")
            } else if line.hasPrefix("import ") {
                let (imported, names) = try Self.imported(line, path)
                imports.append(imported)
                lines.append(names.map { "const { \($0) } = \(Self.name(of: imported));" } ?? "")
            } else if line.hasPrefix("export ") {
                exports += try Self.exported(line, path)
                lines.append(String(line.dropFirst("export ".count)))
            } else {
                lines.append(line)
            }
        }
        text = """
            const \(Self.name(of: path)) = (() => { // \(path)
            \(lines.joined(separator: "\n"))
            return { \(exports.joined(separator: ", ")) };
            })();

            """
    }

    /// - Returns: the path, and the names as they stand in a pattern: `a, b: c`.
    private static func imported(_ line: String, _ path: String) throws -> (String, names: String?) {
        guard let found = line.wholeMatch(of: /import (?:\{ ([\w$, ]+) \} from )?"(\.[^"]+)";/) else {
            throw AssetError.unreadable(path, line: line)
        }
        return (found.2.resolved(from: path), found.1.map { String($0).replacing(" as ", with: ": ") })
    }

    private static func exported(_ line: String, _ path: String) throws -> [String] {
        if let found = line.firstMatch(of: /^export (?:async function|function|class|const) ([\w$]+)/) {
            return [String(found.1)]
        }
        guard let found = line.firstMatch(of: /^export const \{ ([\w$, ]+) \} =/) else {
            throw AssetError.unreadable(path, line: line)
        }
        return found.1.split(separator: ", ").map(String.init)
    }

    /// What no script of ours is called.
    private static func name(of path: String) -> String {
        "$" + path.dropLast(".js".count).replacing(/[^\w]/, with: "_")
    }
}
