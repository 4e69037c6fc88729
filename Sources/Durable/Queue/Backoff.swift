/// The wait before a failed job is tried again.
enum Backoff {
    /// Doubles from 1 s and stops growing at 10 min: the 19 waits between 20 attempts add up to 1 h 47 min. Up to a
    /// fifth more or less, so that what failed together is not tried again together.
    /// - Parameter attempt: The attempt that just failed, 1 for the first.
    static func delay(after attempt: Int, using random: inout some RandomNumberGenerator) -> Duration {
        let seconds = Double(min(600, 1 << min(max(attempt, 1) - 1, 10)))
        return .seconds(seconds * Double.random(in: 0.8...1.2, using: &random))
    }
}
