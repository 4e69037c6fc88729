package import Foundation

/// JSON that somebody else wrote (a provider, an issuer, the bearer of a token), looked at before anything decodes it.
///
/// A decoder's work may grow with the square of the depth, and its stack with the depth itself. No document that we ask
/// for is deep, so what is deep is not decoded at all.
package enum ForeignJSON {
    package enum Excess: Error, Equatable {
        case tooLarge, tooDeep
        /// A zero byte, which no JSON in UTF-8 holds: another encoding, in which brackets could not be counted.
        case otherEncoding
    }

    /// Looks at each byte once. What is no JSON at all passes; the decoder will say so.
    /// - Parameter bytes: how many there may be.
    /// - Parameter depth: how many arrays and objects may stand in each other.
    package static func check(_ document: Data, bytes: Int = 5_000_000, depth: Int = 64) throws(Excess) {
        guard document.count <= bytes else { throw .tooLarge }
        var level = 0
        var isInText = false
        var isEscaped = false
        for byte in document {
            switch byte {
            case 0: throw .otherEncoding
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isInText: isEscaped = true
            case UInt8(ascii: "\""): isInText.toggle()
            case _ where isInText: break
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                level += 1
                if level > depth { throw .tooDeep }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): level -= 1
            default: break
            }
        }
    }
}

extension JSONDecoder {
    /// ``decode(_:from:)`` for what somebody else wrote.
    /// - Throws: ``ForeignJSON/Excess`` for what is too large or nested deeper than 64 levels.
    package func decode<Value: Decodable>(
        _ type: Value.Type, fromForeign document: Data, bytes: Int = 5_000_000
    ) throws -> Value {
        try ForeignJSON.check(document, bytes: bytes)
        return try decode(type, from: document)
    }
}
