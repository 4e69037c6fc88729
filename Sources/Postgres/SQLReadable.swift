import Foundation
import Values

/// A type that reads itself from PostgreSQL's text form of one value.
protocol SQLReadable {
    /// `nil` when the text is not in that form.
    init?(sql text: UnsafeBufferPointer<UInt8>)
}

extension String: SQLReadable {
    init(sql text: UnsafeBufferPointer<UInt8>) { self = String(decoding: text, as: UTF8.self) }
}

extension Bool: SQLReadable {
    init?(sql text: UnsafeBufferPointer<UInt8>) {
        guard text.count == 1 else { return nil }
        switch text[0] {
        case UInt8(ascii: "t"): self = true
        case UInt8(ascii: "f"): self = false
        default: return nil
        }
    }
}

extension SQLReadable where Self: LosslessStringConvertible {
    init?(sql text: UnsafeBufferPointer<UInt8>) { self.init(String(decoding: text, as: UTF8.self)) }
}

extension Int: SQLReadable {}
extension Int16: SQLReadable {}
extension Int32: SQLReadable {}
extension Int64: SQLReadable {}
extension UInt32: SQLReadable {}
extension Float: SQLReadable {}
extension Double: SQLReadable {}

extension Decimal: SQLReadable {
    init?(sql text: UnsafeBufferPointer<UInt8>) { self.init(string: String(decoding: text, as: UTF8.self)) }
}

extension UUID: SQLReadable {
    /// Some ten times as fast as by way of a string, and ids are what most rows begin with.
    init?(sql text: UnsafeBufferPointer<UInt8>) {
        guard text.count == 36 else { return nil }
        var uuid: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isRead = withUnsafeMutableBytes(of: &uuid) { bytes in
            var position = 0
            for index in bytes.indices {
                if text[position] == UInt8(ascii: "-") { position += 1 }
                guard position + 1 < text.count, let high = hexDigit(text[position]),
                    let low = hexDigit(text[position + 1])
                else { return false }
                bytes[index] = high << 4 | low
                position += 2
            }
            return position == text.count
        }
        guard isRead else { return nil }
        self.init(uuid: uuid)
    }
}

extension ID: SQLReadable {
    init?(sql text: UnsafeBufferPointer<UInt8>) {
        guard let uuid = UUID(sql: text) else { return nil }
        self.init(uuid)
    }
}

extension Date: SQLReadable {
    init?(sql text: UnsafeBufferPointer<UInt8>) {
        guard let date = PostgresTime.date(from: text[...]) else { return nil }
        self = date
    }
}

extension Data: SQLReadable {
    init?(sql text: UnsafeBufferPointer<UInt8>) {
        guard text.starts(with: "\\x".utf8), text.count % 2 == 0 else { return nil }
        var data = Data(capacity: text.count / 2 - 1)
        for position in stride(from: 2, to: text.count, by: 2) {
            guard let high = hexDigit(text[position]), let low = hexDigit(text[position + 1]) else { return nil }
            data.append(high << 4 | low)
        }
        self = data
    }
}

extension URL: SQLReadable {
    init?(sql text: UnsafeBufferPointer<UInt8>) { self.init(string: String(decoding: text, as: UTF8.self)) }
}

/// From `tstzrange`; an empty, endless or differently bounded one is not a ``TimeRange``.
extension TimeRange: SQLReadable {
    init?(sql text: UnsafeBufferPointer<UInt8>) {
        guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: ")"),
            let comma = text.firstIndex(of: UInt8(ascii: ","))
        else { return nil }
        func date(_ bound: Slice<UnsafeBufferPointer<UInt8>>) -> Date? {
            PostgresTime.date(from: bound.first == UInt8(ascii: "\"") ? bound.dropFirst().dropLast() : bound)
        }
        guard let start = date(text[1..<comma]), let end = date(text[(comma + 1)..<(text.count - 1)]), start < end
        else { return nil }
        self.init(start: start, end: end)
    }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
