package import Foundation
package import Logging
import Values

/// Writes each log entry as one line of JSON: `time` (RFC 3339, UTC), `level`, `logger`, `message`, then the metadata.
///
/// Nested metadata is flattened (`actor.id`). Values under a name that tells of a secret are masked
/// (``Redaction``), and control characters are escaped, so an entry is one line whatever it holds. A name that the
/// entry itself uses gets an underscore in front.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let now: @Sendable () -> Date
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - label: The logger's name.
    ///   - now: What time an entry gets.
    ///   - write: Takes one line, its newline included, as a whole. Standard error by default.
    package init(
        label: String, metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> Date = { Date() },
        write: @escaping @Sendable ([UInt8]) -> Void = StandardError.write
    ) {
        self.label = label
        self.metadataProvider = metadataProvider
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
        var line = JSONLine()
        line.append("time", RFC3339.text(from: now()))
        line.append("level", level.rawValue)
        line.append("logger", label)
        line.append("message", event.message.description)
        if let error = event.error {
            line.append("error", String(reflecting: error))
        }
        for (name, value) in everything(known: event.metadata) {
            line.append(metadata: Self.ownNames.contains(name) ? "_" + name : name, value)
        }
        write(line.finished())
    }

    private static let ownNames: Set<String> = ["time", "level", "logger", "message"]
}
