package import Foundation

/// A mail that a demo wrote into its folder in place of sending it.
package struct DemoMail: Sendable {
    /// Its own among all.
    let id: String
    let to: String, subject: String, text: String
    /// Empty for a mail that is text alone.
    let html: String
    let date: Date

    package init(id: String, to: String, subject: String, text: String, html: String, date: Date) {
        self.id = id
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.date = date
    }
}

/// What the page of a demo's mails shows.
struct DemoMailPage: Sendable {
    struct Mail: Sendable {
        let to: String, subject: String, date: String, pieces: [Piece]
        /// Where its HTML is; `nil` where it has none.
        let htmlHref: String?
    }

    /// Text as it stands, or a link in it.
    struct Piece: Sendable, Equatable {
        var text: String?
        var link: String?
    }

    let mails: [Mail]
    let isEmpty: Bool

    init(_ mails: [DemoMail]) {
        let style = Date.FormatStyle(
            date: .abbreviated, time: .standard, locale: Locale(identifier: "en_GB"), timeZone: .gmt)
        self.mails = mails.map {
            Mail(
                to: $0.to, subject: $0.subject, date: $0.date.formatted(style) + " UTC",
                pieces: Self.pieces(of: $0.text),
                htmlHref: $0.html.isEmpty ? nil : "/demo/mail/\($0.id)/html")
        }
        isEmpty = mails.isEmpty
    }

    static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var end = text.startIndex
        for match in text.matches(of: /https?:\/\/[^\s<>"]+/) {
            if end < match.range.lowerBound { pieces.append(Piece(text: String(text[end..<match.range.lowerBound]))) }
            pieces.append(Piece(link: String(match.output)))
            end = match.range.upperBound
        }
        if end < text.endIndex { pieces.append(Piece(text: String(text[end...]))) }
        return pieces
    }
}
