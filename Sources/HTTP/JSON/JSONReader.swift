/// Reads the JSON (RFC 8259) of a request as far as a schema has a use for it, in one pass over its bytes.
///
/// What the schema does not know is checked and not built: a member without a declaration is known by its name alone,
/// and what stands in another type's place by its type. So the work and the memory that a body costs grow with its
/// length and with nothing else, and whatever ``Schema/errors(in:at:)`` says of the value is true of the document.
package struct JSONReader {
    package enum Flaw: Error, Equatable {
        case malformed
        /// More than ``deepest`` arrays and objects stand in each other.
        case tooDeep
    }

    static let deepest = 16
    /// Members without a declaration that are kept, so that some can be named.
    private static let mostUnknown = FieldError.mostTold + 1

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var faults: [FieldError] = []

    /// - Returns: the value as `schema` reads it, and the members that are there twice: which of the two counts would
    ///   be a guess.
    package static func read(
        _ bytes: [UInt8], as schema: Schema
    ) throws(Flaw) -> (value: JSONValue, faults: [FieldError]) {
        // Once for all of it: slices at quotation marks are then valid too.
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .malformed }
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(as: schema.shape, at: "")
        reader.skipBlanks()
        guard reader.position == bytes.count else { throw .malformed }
        return (value, reader.faults)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    // MARK: Values

    private mutating func value(as shape: JSONShape, at path: String) throws(Flaw) -> JSONValue {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"):
            return try nested { reader throws(Flaw) in .object(try reader.members(of: shape, at: path)) }
        case UInt8(ascii: "["):
            return try nested { reader throws(Flaw) in .array(try reader.elements(of: shape, at: path)) }
        case UInt8(ascii: "\""):
            guard shape.wantsText else {
                try skipText()
                return .string("")
            }
            return .string(try text())
        case UInt8(ascii: "t"): return try word("true", is: .bool(true))
        case UInt8(ascii: "f"): return try word("false", is: .bool(false))
        case UInt8(ascii: "n"): return try word("null", is: .null)
        default: return try number(isWanted: shape.wantsNumber)
        }
    }

    private mutating func nested(_ read: (inout JSONReader) throws(Flaw) -> JSONValue) throws(Flaw) -> JSONValue {
        guard depth < Self.deepest else { throw .tooDeep }
        depth += 1
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func members(of shape: JSONShape, at path: String) throws(Flaw) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        var unknown = 0
        skipBlanks()
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw .malformed }
            guard shape.wantsMembers else {
                try skipText()
                try expect(UInt8(ascii: ":"))
                _ = try value(as: .nothing, at: "")
                continue
            }
            let name = try text()
            let path = path.isEmpty ? name : "\(path).\(name)"
            try expect(UInt8(ascii: ":"))
            let member = shape.member(name)
            let value = try value(as: member ?? .nothing, at: path)
            // Letters that only look alike are equal to Swift's texts. They are no second spelling of a name.
            if member == nil, shape.takesForOneOfItsOwn(name) {
                fault(path, "is not a field of this request")
            } else if members[name] != nil {
                fault(path, "is there twice")
            } else if member != nil || unknown < Self.mostUnknown {
                if member == nil { unknown += 1 }
                members[name] = value
            }
        } while takeAfterBlanks(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return members
    }

    private mutating func elements(of shape: JSONShape, at path: String) throws(Flaw) -> [JSONValue] {
        var elements: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return elements }
        let (element, most) = shape.elements
        repeat {
            // One more than there may be tells that there are too many.
            if most == 0 || elements.count > most {
                _ = try value(as: .nothing, at: "")
            } else {
                elements.append(try value(as: element, at: "\(path)[\(elements.count)]"))
            }
        } while takeAfterBlanks(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return elements
    }

    private mutating func fault(_ field: String, _ message: String) {
        if faults.count <= FieldError.mostTold { faults.append(FieldError(field: field, message: message)) }
    }

    private mutating func word(_ word: StaticString, is value: JSONValue) throws(Flaw) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            word.withUTF8Buffer({ $0.elementsEqual(bytes[position..<end]) })
        else { throw .malformed }
        position = end
        return value
    }

    // MARK: Numbers

    private mutating func number(isWanted: Bool) throws(Flaw) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        guard isWanted else { return .integer(0) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        let number = Double(text) ?? .infinity
        if !isWhole, let integer = Int(exactly: number) { return .integer(integer) }
        // What no number can hold is as good as the largest: too large for whatever takes one.
        return .number(number.isFinite ? number : number < 0 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude)
    }

    private mutating func digits() throws(Flaw) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw .malformed }
    }

    // MARK: Texts

    /// - Precondition: a quotation mark is next.
    private mutating func text() throws(Flaw) -> String {
        position += 1
        var unescaped: [UInt8] = []
        var start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                unescaped += bytes[start..<position]
                position += 1
                return String(decoding: unescaped, as: UTF8.self)
            case UInt8(ascii: "\\"):
                unescaped += bytes[start..<position]
                unescaped += Array(String(try escape()).utf8)
                start = position
            case 0..<0x20: throw .malformed
            default: position += 1
            }
        }
        throw .malformed
    }

    private mutating func skipText() throws(Flaw) {
        position += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"): _ = try escape()
            case 0..<0x20: throw .malformed
            default: position += 1
            }
        }
        throw .malformed
    }

    /// - Precondition: a backslash is next.
    private mutating func escape() throws(Flaw) -> Unicode.Scalar {
        position += 1
        guard let byte = next else { throw .malformed }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar()
        default: throw .malformed
        }
    }

    /// Of one `\u` or, beyond 16 bits, of two: half a pair is no character.
    private mutating func scalar() throws(Flaw) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw .malformed }
        let second = try unit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw .malformed }
        return scalar
    }

    private mutating func unit() throws(Flaw) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else { throw .malformed }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    // MARK: Bytes

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func takeAfterBlanks(_ byte: UInt8) -> Bool {
        skipBlanks()
        return take(byte)
    }

    private mutating func expect(_ byte: UInt8) throws(Flaw) {
        guard takeAfterBlanks(byte) else { throw .malformed }
    }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }
}
