import Logging

// What every way of writing an entry has in common.

extension LogEvent {
    /// What the HTTP server says at `error` when it is stopped while somebody is connected, which is no error: whoever
    /// looks for errors in the log must not find one for each ordinary stop.
    private static var ordinaryStop: String { "Waiting on child channel: CancellationError()" }

    /// How bad it is in truth.
    var weight: Logger.Level {
        level == .error && message.description == Self.ordinaryStop ? .debug : level
    }
}

extension LogHandler {
    /// By name. The entry's own metadata wins over the task's, and that over the logger's.
    func everything(known explicit: Logger.Metadata?) -> [(key: String, value: Logger.MetadataValue)] {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let explicit { all.merge(explicit) { $1 } }
        return all.sorted { $0.key < $1.key }
    }
}
