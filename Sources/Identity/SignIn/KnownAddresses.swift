import Synchronization

/// Who has been right about which account's password, by network: those go first when many guess. In this process
/// alone, and forgotten when it ends; being unknown costs nobody more than a wait.
final class KnownAddresses: Sendable {
    /// Pairs of an account and a network. When there are so many, the oldest half is forgotten.
    private static let most = 20_000

    private struct Pairs {
        var recent: Set<String> = []
        var older: Set<String> = []
    }

    private let pairs = Mutex(Pairs())

    func remember(_ pair: String) {
        pairs.withLock { pairs in
            if pairs.recent.count >= Self.most / 2 {
                pairs.older = pairs.recent
                pairs.recent = []
            }
            pairs.recent.insert(pair)
        }
    }

    func contains(_ pair: String) -> Bool {
        pairs.withLock { $0.recent.contains(pair) || $0.older.contains(pair) }
    }
}
