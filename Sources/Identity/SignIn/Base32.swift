/// Five bits a character, without padding.
struct Base32 {
    private let alphabet: [Character]

    /// Of RFC 4648, section 6: what authenticator apps read.
    static let rfc4648 = Base32(alphabet: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    /// Douglas Crockford's, in lower case: without the letters that pass for a digit, for people to type.
    static let forPeople = Base32(alphabet: Array("0123456789abcdefghjkmnpqrstvwxyz"))

    /// The last character holds what bits are left, filled up with zeros.
    func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[buffer >> bits & 31])
            }
        }
        if bits > 0 { text.append(alphabet[buffer << (5 - bits) & 31]) }
        return text
    }

    func isMade(of text: String) -> Bool { text.allSatisfy(alphabet.contains) }
}
