/// Something was tried too often.
package struct RateLimitReached: Error, Equatable {
    /// After so long the next one is taken.
    package let wait: Duration

    package init(wait: Duration) { self.wait = wait }
}
