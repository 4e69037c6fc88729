import CIDN2
import Foundation

/// A mail address, the same for everybody who means the same one: in small letters, and with a domain of other scripts
/// in the form that mail servers know (`xn--…`). It is ASCII throughout, so Swift and SQL agree on what is equal.
package struct EmailAddress: Sendable, Hashable {
    package let text: String

    package enum Flaw: Error, Equatable {
        case notAnAddress
        /// Letters beyond ASCII before the `@`. They need mail servers all the way that take them (RFC 6531).
        case localPartNotASCII
        /// More than 64 characters before the `@`, or than 254 in all.
        case tooLong
    }

    /// - Parameter typed: an address as people have it: with blanks and invisible signs around it, in the wide letters
    ///   of a Chinese or Japanese keyboard, behind `mailto:`, or as `Ann Lee <ann@example.org>`.
    package init(_ typed: String) throws(Flaw) {
        try self.init(bare: Mailbox(typed).address)
    }

    init(bare address: Substring) throws(Flaw) {
        guard let at = address.lastIndex(of: "@") else { throw .notAnAddress }
        let local = Self.unquoted(address[..<at])
        guard local.utf8.allSatisfy({ $0 < 0x80 }) else { throw .localPartNotASCII }
        guard Self.isDotAtom(local), let domain = Self.domain(address[address.index(after: at)...]) else {
            throw .notAnAddress
        }
        guard local.utf8.count <= 64, local.utf8.count + 1 + domain.utf8.count <= 254 else { throw .tooLong }
        // Both are ASCII.
        text = "\(local)@\(domain)".lowercased()
    }

    /// What an account is looked up by that somebody claims to have. Text that is no address finds none, and is counted
    /// like one, so that asking for it costs the same; accounts older than the rules are still found.
    package static func key(of typed: String) -> String {
        if let address = try? EmailAddress(typed) { return address.text }
        let bare = Mailbox(typed).address
        return bare.utf8.allSatisfy { $0 < 0x80 } ? bare.lowercased() : ""
    }

    /// `"ann"@example.org` is `ann@example.org` (RFC 5321, 4.1.2). What needs its quotes stays in them.
    private static func unquoted(_ local: Substring) -> Substring {
        guard local.count > 2, local.first == "\"", local.last == "\"" else { return local }
        let inside = local.dropFirst().dropLast()
        return isDotAtom(inside) ? inside : local
    }

    /// RFC 5322, 3.2.3.
    private static func isDotAtom(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"):
                        true
                    default: "!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
                    }
                }
        }
    }

    /// As mail servers know it; `nil` for what is no domain.
    private static func domain(_ typed: Substring) -> String? {
        guard typed.utf8.count <= 1000 else { return nil }
        let isPlain = typed.utf8.allSatisfy { $0 < 0x80 } && !typed.lowercased().contains("xn--")
        guard let domain = isPlain ? String(typed) : encoded(typed), domain.utf8.count <= 253 else { return nil }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        let areRight = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
        return areRight ? domain : nil
    }

    /// IDNA2008 with the mappings that browsers use (UTS 46, non-transitional: `ß` stays itself).
    private static func encoded(_ domain: Substring) -> String? {
        var output: UnsafeMutablePointer<UInt8>?
        let flags = IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue | IDN2_USE_STD3_ASCII_RULES.rawValue
        let code = String(domain).withCString { text in
            text.withMemoryRebound(to: UInt8.self, capacity: domain.utf8.count + 1) {
                idn2_lookup_u8($0, &output, Int32(flags))
            }
        }
        defer { idn2_free(output) }
        guard code == IDN2_OK.rawValue, let output else { return nil }
        return String(cString: output)
    }
}

extension EmailAddress: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let typed = try container.decode(String.self)
        do throws(Flaw) {
            self = try EmailAddress(typed)
        } catch {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no address that is taken: \(error)")
        }
    }
}
