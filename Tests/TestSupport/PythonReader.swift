package import Foundation

/// One of the programs in `Tests/Readers`: they read what we write with somebody else's code.
package struct PythonReader: Sendable {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let python = root.appending(path: ".build/venv-system/bin/python")

    /// Whether `scripts/venv` has been run. `make unit` does that first.
    package static var isThere: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    package let process = Process()
    package let output = Pipe()

    package init(_ script: String, _ arguments: [String] = []) {
        process.executableURL = Self.python
        process.arguments = [Self.root.appending(path: "Tests/Readers/\(script)").path] + arguments
        process.standardOutput = output
    }

    struct Failed: Error { let script: String }

    /// What it prints about `input`.
    package static func read(_ input: Data, with script: String) throws -> String {
        let reader = PythonReader(script)
        let pipe = Pipe()
        reader.process.standardInput = pipe
        try reader.process.run()
        try pipe.fileHandleForWriting.write(contentsOf: input)
        try pipe.fileHandleForWriting.close()
        let printed = try reader.output.fileHandleForReading.readToEnd() ?? Data()
        reader.process.waitUntilExit()
        guard reader.process.terminationStatus == 0 else { throw Failed(script: script) }
        return String(decoding: printed, as: UTF8.self)
    }
}
