import Foundation
import Testing

@Suite struct MeetingSagaHistoryTests {
    /// 10,000 histories. `CONVENE_SEED` repeats the one that a failure names.
    @Test func `whatever happens, a session ends with one meeting or none, and no meeting is forgotten`() {
        let chosen = ProcessInfo.processInfo.environment["CONVENE_SEED"].flatMap(UInt64.init)
        let first = UInt64.random(in: 0..<(.max / 2))
        var broken = 0
        for seed in chosen.map({ [$0] }) ?? (0..<10_000).map({ first + $0 }) {
            var history = MeetingSagaHistory(seed: seed)
            do { try history.run() } catch {
                Issue.record("CONVENE_SEED=\(seed): \(error)")
                broken += 1
                if broken == 5 { return }
            }
        }
    }
}
