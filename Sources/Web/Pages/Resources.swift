import Foundation

/// The files of the web app (Sources/Web/Resources), one folder a feature.
enum Resources {
    // Not by `url(forResource:)`, which looks for things inside a folder of this name.
    static let folder = Bundle.module.bundleURL.appending(path: "Resources", directoryHint: .isDirectory)
}
