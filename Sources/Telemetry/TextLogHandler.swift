package import Foundation
package import Logging
import Values

/// Writes each log entry as one line for somebody at a terminal: the time in UTC, the level, the message, and behind it
/// the metadata, `name=value`.
///
/// What is secret by its name is masked as in ``JSONLogHandler``, and whatever could steer a terminal is escaped.
package struct TextLogHandler: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let now: @Sendable () -> Date
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - now: What time an entry gets.
    ///   - write: Takes one line, its newline included, as a whole. Standard error by default.
    package init(
        now: @escaping @Sendable () -> Date = { Date() },
        write: @escaping @Sendable ([UInt8]) -> Void = StandardError.write
    ) {
        self.now = now
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let level = event.weight
        guard level >= logLevel else { return }
        var words = [
            String(RFC3339.text(from: now()).dropFirst(11).prefix(8)),
            level.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0) + event.message.description,
        ]
        if let error = event.error { words.append("error=\(String(reflecting: error))") }
        words += everything(known: event.metadata).map { Self.written($0.key, $0.value) }
        write(Array("\(words.map(Self.harmless).joined(separator: " "))\n".utf8))
    }

    private static func written(_ name: String, _ value: Logger.MetadataValue) -> String {
        if Redaction.hides(name) { return "\(name)=\(Redaction.mask)" }
        switch value {
        case .string(let text): return "\(name)=\(quoted(Redaction.masked(text)))"
        case .stringConvertible(let other): return "\(name)=\(quoted(Redaction.masked(other.description)))"
        case .array(let values):
            return values.enumerated().map { written("\(name).\($0.offset)", $0.element) }.joined(separator: " ")
        case .dictionary(let entries):
            return entries.sorted { $0.key < $1.key }.map { written("\(name).\($0.key)", $0.value) }
                .joined(separator: " ")
        }
    }

    private static func quoted(_ text: String) -> String { text.contains(" ") || text.isEmpty ? "\"\(text)\"" : text }

    /// Without control characters (C0, DEL and C1).
    private static func harmless(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F: text += scalar.escaped(asASCII: true)
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
