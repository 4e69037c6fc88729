import Foundation

/// One delivery, ready to be sent.
struct Webhook: Sendable {
    let headers: [(name: String, value: String)]
    let body: Data
}

/// Without its fraction, as digits; `0` for what is no number.
func whole(_ number: Double) -> String { String(Int64(exactly: number.rounded(.down)) ?? 0) }

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}
