import Foundation

/// One delivery, ready to be sent.
struct Webhook: Sendable {
    let headers: [(name: String, value: String)]
    let body: Data
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}
