import Foundation

extension MailMessage {
    /// The whole mail as it goes over the wire (RFC 5322, RFC 2045): lines of at most 78 characters, except for an
    /// address that is longer by itself.
    func document(from sender: MailAddress) -> Data {
        // `=_` cannot occur in a quoted-printable part (RFC 2045, section 6.7).
        let boundary = "=_\(id)"
        var lines = [
            "From: \(Self.mailbox(sender.address, name: fromName ?? sender.name))",
            "To: \(Self.mailbox(to.address, name: to.name))",
            "Subject: \(MailEncoding.unstructured(subject))",
            "Date: \(Self.moment(date))",
            "Message-ID: <\(id)@\(sender.domain)>",
        ]
        if let replyTo { lines.append("Reply-To: \(Self.mailbox(replyTo.address, name: replyTo.name))") }
        lines += [
            // RFC 3834: no holiday answers to this.
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
            "",
        ]
        // The last alternative is the one that a reader prefers.
        for (type, content) in [("plain", text), ("html", html)] {
            lines += [
                "--\(boundary)",
                "Content-Type: text/\(type); charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
                "",
                MailEncoding.quotedPrintable(content),
            ]
        }
        lines.append("--\(boundary)--\r\n")
        return Data(lines.joined(separator: "\r\n").utf8)
    }

    private static func mailbox(_ address: String, name: String?) -> String {
        guard let name, !name.isEmpty else { return address }
        let phrase = MailEncoding.phrase(name)
        return phrase.utf8.count + address.utf8.count > 60 ? "\(phrase)\r\n <\(address)>" : "\(phrase) <\(address)>"
    }

    /// RFC 5322, section 3.3, in UTC.
    private static func moment(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return
            "\(days[(parts.weekday ?? 1) - 1]), \(two(parts.day)) \(months[(parts.month ?? 1) - 1]) \(parts.year ?? 0) "
            + "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }
}
