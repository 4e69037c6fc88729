/// Which Convene this is.
package struct BuildInfo: Sendable, CustomStringConvertible {
    /// As in CHANGELOG.md, and for Debian in debian/changelog (Semantic Versioning 2.0.0).
    package let version = "0.1.0"
    /// Abbreviated, with `-dirty` when the sources were not quite that; `unknown` when built outside a repository.
    package let commit: String

    package init(commit: String) { self.commit = commit }

    package var description: String { "\(version) (\(commit))" }
}
