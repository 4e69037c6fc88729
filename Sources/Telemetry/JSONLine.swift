import Logging

/// One JSON object on one line, written straight into bytes: a log line must cost microseconds.
struct JSONLine {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    init() {
        bytes.reserveCapacity(512)
    }

    mutating func append(_ name: String, _ value: String) {
        begin(name)
        string(value)
    }

    /// Dictionaries become dotted names, arrays stay arrays.
    mutating func append(metadata name: String, _ value: Logger.MetadataValue) {
        if Redaction.hides(name) { return append(name, Redaction.mask) }
        if case .dictionary(let entries) = value {
            for (key, value) in entries.sorted(by: { $0.key < $1.key }) { append(metadata: name + "." + key, value) }
        } else {
            begin(name)
            append(value)
        }
    }

    /// The whole line, with its newline.
    consuming func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): string(Redaction.masked(text))
        case .stringConvertible(let other): string(Redaction.masked(other.description))
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(value)
            }
            bytes.append(UInt8(ascii: "]"))
        case .dictionary(let entries):
            var object = JSONLine()
            for (key, value) in entries.sorted(by: { $0.key < $1.key }) { object.append(metadata: key, value) }
            bytes += object.finished().dropLast()
        }
    }

    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        // C1 controls (U+0080 to U+009F) steer terminals too; in UTF-8 they are C2 followed by their own number.
        var afterC2 = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
            case 0..<0x20, 0x7F: escape(byte)
            case 0x80...0x9F where afterC2:
                bytes.removeLast()
                escape(byte)
            default: bytes.append(byte)
            }
            afterC2 = byte == 0xC2
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        bytes += Array("\\u00".utf8)
        bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
